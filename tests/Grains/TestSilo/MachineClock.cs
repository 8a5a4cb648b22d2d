using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>The clocks of a machine, whose wall clock a test can set, while its monotonic clock goes on.</summary>
internal sealed class MachineClock() : FakeTimeProvider(TestData.Start)
{
    /// <summary>How far the wall clock has been set ahead; negative if it has been set back.</summary>
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
