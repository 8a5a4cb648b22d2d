using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Compares the clock of this silo with that of the database. Deadlines are compared with the clock of each silo, and
/// no two silos differ by more than twice <see cref="LeaseOptions.MaxClockOffset"/> while both have a lease.
/// </summary>
public sealed partial class DatabaseClock
{
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _violations;

    private volatile Observation? _last;
    private bool _wasAccurate = true;
    private volatile bool _isNearLimit;

    /// <summary>Creates a clock that has not been compared, and its metrics.</summary>
    public DatabaseClock(
        LeaseOptions options,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
        IMeterFactory meters,
        ILogger<DatabaseClock> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (_options, _time, _logger) = (options, time, logger);
        var meter = KeysClusterMeter.Create(meters);
        meter.CreateObservableCounter(
            "keys.clock.violations",
            () => Interlocked.Read(ref _violations),
            "{comparison}",
            "Comparisons in which the offset was not permitted.");
        meter.CreateObservableGauge(
            "keys.clock.offset", Measure, "s", "How far the clock of the silo is ahead of that of the database.");
    }

    /// <summary>
    /// How far the clock of this silo is ahead of that of the database: as last observed, plus what the clock of this
    /// silo has been set ahead since. The monotonic clock shows that at once, and not only at the next observation.
    /// </summary>
    public TimeSpan Offset
    {
        get
        {
            if (_last is not { } last) return TimeSpan.Zero;
            var (now, timestamp) = _time.ReadClocks();
            return last.Offset + (now - last.Utc - _time.GetElapsedTime(last.Timestamp, timestamp));
        }
    }

    /// <summary>Whether the offset is within the limit. If not, this silo gets no lease and erases nothing.</summary>
    public bool IsAccurate => _last is null || IsPermitted(Offset);

    /// <summary>Whether the offset was within the limit, but exceeded half of it, as last observed.</summary>
    public bool IsNearLimit => _isNearLimit;

    /// <summary>
    /// Returns the deadline up to which hashes may be erased. An erasure is final for every silo, so it waits for the
    /// permitted clock offset, and a silo whose clock is wrong erases nothing.
    /// </summary>
    public DateTimeOffset GetEraseBefore(DateTimeOffset now) =>
        IsAccurate ? now - _options.MaxClockOffset : DateTimeOffset.MinValue;

    /// <summary>
    /// Executes a read and compares the clocks. The database reads its clock at some instant meanwhile.
    /// </summary>
    public async Task<LogRead> ObserveAsync(Func<Task<LogRead>> readAsync)
    {
        var startedAt = _time.GetTimestamp();
        var read = await readAsync();

        // A wall clock that was corrected agrees with the database; the steady clock would follow it later.
        if (_time is SteadyTimeProvider steady) steady.FollowStepAhead(read.DatabaseTime);
        var (after, timestamp) = _time.ReadClocks();
        var before = after - _time.GetElapsedTime(startedAt, timestamp);

        // The offset is between these two; the one that is nearer to zero is certain.
        var (most, least) = (after - read.DatabaseTime, before - read.DatabaseTime);
        var offset = least > TimeSpan.Zero ? least : most < TimeSpan.Zero ? most : TimeSpan.Zero;
        _last = new Observation(offset, after, timestamp);
        Report(offset, before, read.DatabaseTime);
        return read;
    }

    private bool IsPermitted(TimeSpan offset) => offset.Duration() <= _options.MaxClockOffset;

    // Observations of one silo do not overlap.
    private void Report(TimeSpan offset, DateTimeOffset siloTime, DateTimeOffset databaseTime)
    {
        var isAccurate = IsPermitted(offset);
        var isNearLimit = isAccurate && offset.Duration() > _options.MaxClockOffset / 2;
        if (!isAccurate) Interlocked.Increment(ref _violations);
        if (_wasAccurate && !isAccurate) LogInaccurate(_logger, siloTime, databaseTime, _options.MaxClockOffset);
        if (!_isNearLimit && isNearLimit) LogNearLimit(_logger, offset, _options.MaxClockOffset);
        if ((!_wasAccurate || _isNearLimit) && isAccurate && !isNearLimit) LogAccurate(_logger, offset);
        (_wasAccurate, _isNearLimit) = (isAccurate, isNearLimit);
    }

    private IEnumerable<Measurement<double>> Measure() =>
        _last is null ? [] : [new Measurement<double>(Offset.TotalSeconds)];

    private sealed record Observation(TimeSpan Offset, DateTimeOffset Utc, long Timestamp);
}
