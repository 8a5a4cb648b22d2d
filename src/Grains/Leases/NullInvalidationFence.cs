namespace KeysCluster.Grains.Leases;

/// <summary>The fence of a silo that is the only one by its topology. No other process caches anything.</summary>
internal sealed class NullInvalidationFence : IInvalidationFence
{
    public Task InvalidateAndWaitAsync(GrainId owner, long revision) => Task.CompletedTask;

    public void Push(GrainId owner, long revision)
    {
    }
}
