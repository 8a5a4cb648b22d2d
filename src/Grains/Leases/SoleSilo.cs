using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>The lease and the fence of a silo that is alone by its topology: nobody else holds anything, clients included.</summary>
internal sealed class SoleSilo : ILease, IValidityFence
{
    public event Action? Lost
    {
        add { }
        remove { }
    }

    public long Epoch => 1;

    public Task Settle(GrainId owner, long revision) => Task.CompletedTask;

    public Task Tell(GrainId owner, long revision) => Task.CompletedTask;
}
