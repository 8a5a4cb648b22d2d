using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>The clocks of a machine, whose wall clock a test can set, while its monotonic clock goes on.</summary>
internal sealed class MachineClock() : FakeTimeProvider(TestData.Start)
{
    /// <summary>How far the wall clock has been set ahead; negative if it has been set back.</summary>
    public TimeSpan Step { get; set; }

    /// <summary>For how long the process is paused right after it has next read the monotonic clock.</summary>
    public TimeSpan NextPause { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

    public override long GetTimestamp()
    {
        var timestamp = base.GetUtcNow().Ticks;
        var pause = NextPause;
        NextPause = TimeSpan.Zero;
        if (pause > TimeSpan.Zero) Advance(pause);
        return timestamp;
    }
}
