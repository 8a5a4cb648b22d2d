namespace KeysCluster.Validation.Telemetry;

/// <summary>
/// Limits a log message to one per <see cref="Interval"/>, so that an outage under load does not flood the log.
/// </summary>
internal sealed class LogThrottle(TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long? _loggedAt;
    private int _suppressed;

    /// <summary>Returns whether to log now, and how many messages were suppressed since the last one.</summary>
    public bool TryEnter(out int suppressed)
    {
        lock (_gate)
        {
            suppressed = _suppressed;
            if (_loggedAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                _suppressed++;
                return false;
            }

            (_loggedAt, _suppressed) = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
