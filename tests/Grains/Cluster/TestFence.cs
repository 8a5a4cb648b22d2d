using System.Collections.Concurrent;
using KeysCluster.Grains.Leases;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A fence that remembers what it was asked for, fails and waits when a test says so.</summary>
internal sealed class TestFence : IValidityFence
{
    private readonly ConcurrentDictionary<GrainId, Operations> _operations = new();
    private readonly ConcurrentDictionary<GrainId, long> _settled = new();
    private readonly ConcurrentDictionary<GrainId, long> _told = new();

    public Operations Of(GrainId owner) => _operations.GetOrAdd(owner, _ => new());

    /// <summary>The revision that every silo was last told of.</summary>
    public long? SettledRevision(GrainId owner) => _settled.TryGetValue(owner, out var revision) ? revision : null;

    /// <summary>The revision that silos were last told of without being waited for.</summary>
    public long? ToldRevision(GrainId owner) => _told.TryGetValue(owner, out var revision) ? revision : null;

    public Task Tell(GrainId owner, long revision)
    {
        _told[owner] = revision;
        return Task.CompletedTask;
    }

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
