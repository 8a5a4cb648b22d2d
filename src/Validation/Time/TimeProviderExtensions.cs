namespace KeysCluster.Validation.Time;

/// <summary>Reads of clocks that belong together.</summary>
public static class TimeProviderExtensions
{
    private static readonly TimeSpan MaxReadDuration = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Reads the wall clock and the monotonic clock at the same instant, to within 1 ms. If the process is paused
    /// between the two, both are read again: otherwise the pause would look like a step of the wall clock.
    /// </summary>
    /// <param name="time">The clocks.</param>
    /// <returns>The wall time, and the timestamp of <see cref="TimeProvider.GetTimestamp"/>.</returns>
    public static (DateTimeOffset Utc, long Timestamp) ReadClocks(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        while (true)
        {
            var timestamp = time.GetTimestamp();
            var utc = time.GetUtcNow();
            if (time.GetElapsedTime(timestamp) < MaxReadDuration) return (utc, timestamp);
        }
    }
}
