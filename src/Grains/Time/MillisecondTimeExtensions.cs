namespace KeysCluster.Grains.Time;

internal static class MillisecondTimeExtensions
{
    /// <summary>
    /// Returns the current time, truncated to milliseconds. Every stored or displayed time is, so a deadline is exact
    /// to the millisecond that callers see.
    /// </summary>
    public static DateTimeOffset GetUtcNowMilliseconds(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
