using KeysCluster.Leases;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A lease whose epoch the test sets.</summary>
internal sealed class TestLease : ILease
{
    public event Action? Lost;

    public long Epoch { get; set; } = 1;

    public LogPosition? Position { get; set; }

    public bool IsRenewalFailing { get; set; }

    public void Lose() => Lost?.Invoke();
}
