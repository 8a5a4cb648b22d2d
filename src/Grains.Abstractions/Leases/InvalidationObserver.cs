using KeysCluster.Validation;

namespace KeysCluster.Leases;

internal sealed class InvalidationObserver(IEnumerable<ILeasedMemory> memories) : IInvalidationObserver
{
    public Task Invalidate(GrainId owner, long revision)
    {
        memories.Invalidate(owner, revision);
        return Task.CompletedTask;
    }
}
