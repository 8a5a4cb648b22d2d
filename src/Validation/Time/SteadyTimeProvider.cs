namespace KeysCluster.Validation.Time;

/// <summary>
/// A clock that never goes back. It follows the monotonic clock of the machine, and steps of the wall clock only as far
/// as that is safe: a wall clock that is set back would bring expired secrets back and stop the collector of Orleans'
/// activations, and one that is set ahead by mistake, and then corrected, would expire secrets early.
/// </summary>
public sealed class SteadyTimeProvider : TimeProvider, IDisposable
{
    /// <summary>How long the wall clock must be ahead before this clock follows it.</summary>
    public static readonly TimeSpan AdoptionDelay = TimeSpan.FromMinutes(3);

    /// <summary>A step ahead by at most this much is followed at once.</summary>
    public static readonly TimeSpan MaxSmallStep = TimeSpan.FromSeconds(1);

    /// <summary>The rate of this clock while it is ahead of the wall clock.</summary>
    public const double SlowRate = 0.98;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _machine;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private volatile Anchor _anchor;
    private volatile int _unconfirmedSteps;
    private long? _aheadSince;

    /// <summary>Creates a clock that shows the same time as a wall clock.</summary>
    /// <param name="machine">The wall clock and the monotonic clock.</param>
    public SteadyTimeProvider(TimeProvider machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _anchor = CreateAnchorAtMachine();
        _timer = machine.CreateTimer(_ => FollowMachine(), null, CheckInterval, CheckInterval);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => _machine.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _machine.LocalTimeZone;

    /// <summary>
    /// How often this clock has followed a step of the wall clock that no other clock has confirmed. Deadlines must not
    /// be compared with it again before another clock has.
    /// </summary>
    public int UnconfirmedSteps => _unconfirmedSteps;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => GetUtcAt(_machine.GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => _machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>
    /// Follows the wall clock at once if it is ahead and another clock, such as that of the database, agrees with it.
    /// </summary>
    public void FollowStepAhead(DateTimeOffset other)
    {
        lock (_gate)
        {
            var anchor = CreateAnchorAtMachine();
            var offset = GetUtcAt(anchor.Timestamp) - anchor.Utc;
            if (offset < -MaxSmallStep && (anchor.Utc - other).Duration() <= MaxSmallStep) _anchor = anchor;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void FollowMachine()
    {
        lock (_gate)
        {
            // One read of the machine both decides and is adopted, so this clock does not go back.
            var machine = CreateAnchorAtMachine();
            var offset = GetUtcAt(machine.Timestamp) - machine.Utc;
            if (offset >= TimeSpan.Zero)
            {
                _aheadSince = null;
                _anchor = new Anchor(
                    machine.Timestamp, GetUtcAt(machine.Timestamp), SlowFor: offset / (1 - SlowRate));
            }
            else if (-offset <= MaxSmallStep)
            {
                _aheadSince = null;
                _anchor = machine;
            }
            else if (HasBeenAheadLongEnough())
            {
                _aheadSince = null;

                // The count comes first: a reader of the new time reads the new count too.
                _unconfirmedSteps++;
                _anchor = machine;
            }
        }
    }

    private bool HasBeenAheadLongEnough()
    {
        _aheadSince ??= _machine.GetTimestamp();
        return _machine.GetElapsedTime(_aheadSince.Value) >= AdoptionDelay;
    }

    private DateTimeOffset GetUtcAt(long timestamp)
    {
        var anchor = _anchor;
        var elapsed = _machine.GetElapsedTime(anchor.Timestamp, timestamp);
        var slow = elapsed < anchor.SlowFor ? elapsed : anchor.SlowFor;
        return anchor.Utc + elapsed - slow * (1 - SlowRate);
    }

    private Anchor CreateAnchorAtMachine()
    {
        var (utc, timestamp) = _machine.ReadClocks();
        return new Anchor(timestamp, utc, SlowFor: TimeSpan.Zero);
    }

    /// <summary>A time that this clock has shown, and how long from then it runs at the slow rate.</summary>
    private sealed record Anchor(long Timestamp, DateTimeOffset Utc, TimeSpan SlowFor);
}
