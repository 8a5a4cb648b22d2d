using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// The recent part of the event log that this silo has applied to its cache, from which it serves the renewals of
/// clients. Thread-safe.
/// </summary>
internal sealed class EventLog(TimeProvider time)
{
    /// <summary>
    /// How long events are kept: longer than the longest lease, so that a client under a lease finds all events.
    /// </summary>
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Queue<Segment> _segments = [];
    private LogPosition? _position;

    /// <summary>Starts over at a position, when the cache is empty.</summary>
    public void Reset(LogPosition position)
    {
        lock (_gate)
        {
            _segments.Clear();
            _position = position;
        }
    }

    /// <summary>
    /// Clears the position when this silo has no lease. It applies no events until it acquires another, and a client
    /// must not renew its lease for ever at a position that no longer advances.
    /// </summary>
    public void Clear()
    {
        lock (_gate)
        {
            _segments.Clear();
            _position = null;
        }
    }

    /// <summary>Adds what was read after the current position.</summary>
    public void Append(LogRead read)
    {
        lock (_gate)
        {
            _segments.Enqueue(new Segment(_position!, read.Events, time.GetTimestamp()));
            _position = read.Position;
            while (time.GetElapsedTime(_segments.Peek().AppendedAt) > Retention) _segments.Dequeue();
        }
    }

    /// <summary>
    /// Returns the events between the position of a client and that of this silo; null when they are not all here. A
    /// client that is ahead of this silo keeps its position.
    /// </summary>
    public (LogPosition Position, IReadOnlyList<LogEvent> Events)? Read(LogPosition applied)
    {
        lock (_gate)
        {
            if (_position is null || !applied.Covers(_segments.TryPeek(out var oldest) ? oldest.Start : _position))
                return null;
            if (!_position.Covers(applied)) return (applied, []);
            return (_position, [.. _segments
                .SelectMany(segment => segment.Events)
                .Where(change => !applied.Contains(change.Transaction))]);
        }
    }

    private sealed record Segment(LogPosition Start, IReadOnlyList<LogEvent> Events, long AppendedAt);
}
