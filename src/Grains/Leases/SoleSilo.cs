namespace KeysCluster.Grains.Leases;

/// <summary>The lease and the fence of a silo that is alone by its topology: nobody else holds anything.</summary>
public sealed class SoleSilo : ISiloLease, IValidityFence
{
    /// <inheritdoc />
    public event Action? Lost
    {
        add { }
        remove { }
    }

    /// <inheritdoc />
    public long Epoch => 1;

    /// <inheritdoc />
    public Task Settle(GrainId owner, long revision) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Tell(GrainId owner, long revision) => Task.CompletedTask;
}
