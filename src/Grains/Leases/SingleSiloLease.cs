using KeysCluster.Leases;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>The lease of a silo that is the only one by its topology. It is always valid.</summary>
internal sealed class SingleSiloLease : ILease
{
    public event Action? Lost
    {
        add { }
        remove { }
    }

    public long Epoch => 1;

    public LogPosition? Position => null;

    public bool IsRenewalFailing => false;
}
