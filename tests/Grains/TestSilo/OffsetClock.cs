namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>The clocks of another machine, whose wall clock has an offset. Its timers take real time.</summary>
internal sealed class OffsetClock(TimeProvider clock) : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Offset;

    public override long GetTimestamp() => clock.GetTimestamp();
}
