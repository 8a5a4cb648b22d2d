using System.Collections.Concurrent;
using KeysCluster.Grains.Leases;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Records invalidations. A test can block them and make them fail.</summary>
internal sealed class TestInvalidationFence : IInvalidationFence
{
    private readonly ConcurrentDictionary<GrainId, OperationControl> _operations = new();
    private readonly ConcurrentDictionary<GrainId, long> _invalidated = new();
    private readonly ConcurrentDictionary<GrainId, long> _pushed = new();

    /// <summary>Returns the revision of the last push that nobody waited for; null when there was none.</summary>
    public long? GetPushedRevision(GrainId owner) => _pushed.TryGetValue(owner, out var revision) ? revision : null;

    public OperationControl Invalidations(GrainId owner) => _operations.GetOrAdd(owner, _ => new());

    /// <summary>Returns the revision of the last successful invalidation; null when there was none.</summary>
    public long? GetInvalidatedRevision(GrainId owner) =>
        _invalidated.TryGetValue(owner, out var revision) ? revision : null;

    public void Push(GrainId owner, long revision) => _pushed[owner] = revision;

    public async Task InvalidateAndWaitAsync(GrainId owner, long revision)
    {
        try
        {
            await Invalidations(owner).RunAsync(() =>
            {
                _invalidated[owner] = revision;
                return Task.CompletedTask;
            });
        }
        catch (IOException)
        {
            throw new StorageUnavailableException();
        }
    }
}
