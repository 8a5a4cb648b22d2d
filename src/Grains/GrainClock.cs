namespace KeysCluster.Grains;

internal static class GrainClock
{
    /// <summary>
    /// Now, in whole milliseconds. Every instant that is stored or shown has this grain, so that a deadline holds to
    /// the millisecond that people read.
    /// </summary>
    public static DateTimeOffset GetNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
