using System.Collections.Concurrent;
using KeysCluster.Grains.Leases;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A fence that remembers what it was asked for, fails and waits when a test says so.</summary>
internal sealed class TestFence : IValidityFence
{
    private readonly ConcurrentDictionary<GrainId, Operations> _operations = new();
    private readonly ConcurrentDictionary<GrainId, long> _settled = new();

    public Operations Of(GrainId owner) => _operations.GetOrAdd(owner, _ => new());

    /// <summary>The revision that every silo was last told of.</summary>
    public long? SettledRevision(GrainId owner) => _settled.TryGetValue(owner, out var revision) ? revision : null;

    public async Task Settle(GrainId owner, long revision)
    {
        try
        {
            await Of(owner).Run(() =>
            {
                _settled[owner] = revision;
                return Task.CompletedTask;
            });
        }
        catch (IOException)
        {
            throw new StorageUnavailableException();
        }
    }
}
