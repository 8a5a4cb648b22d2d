using System.Diagnostics.Metrics;
using KeysCluster.Validation;
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
    private readonly Counter<long> _violations;

    private long _offsetTicks;
    private bool _isCompared;
    private bool _isAccurate = true;
    private bool _isNearLimit;

    /// <summary>Creates a clock that has not been compared, and its metrics.</summary>
    public DatabaseClock(
        LeaseOptions options,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
        IMeterFactory meters,
        ILogger<DatabaseClock> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (_options, _time, _logger) = (options, time, logger);
        var meter = meters.Create(KeysClusterMeter.Name);
        _violations = meter.CreateCounter<long>(
            "keys.clock.violations", "{comparison}", "Comparisons of the clocks in which the offset was not permitted.");
        meter.CreateObservableGauge(
            "keys.clock.offset", Measure, "s", "How far the clock of the silo is ahead of that of the database.");
    }

    /// <summary>How far the clock of this silo is ahead of that of the database, as last observed.</summary>
    public TimeSpan Offset => new(Volatile.Read(ref _offsetTicks));

    /// <summary>Whether the offset is within the limit. If not, this silo gets no lease and erases nothing.</summary>
    public bool IsAccurate => Volatile.Read(ref _isAccurate);

    /// <summary>Whether the offset is within the limit, but exceeds half of it.</summary>
    public bool IsNearLimit => Volatile.Read(ref _isNearLimit);

    /// <summary>
    /// Returns the deadline up to which hashes may be erased. An erasure is final for every silo, so it waits for the
    /// permitted clock offset, and a silo whose clock is wrong erases nothing.
    /// </summary>
    public DateTimeOffset GetEraseBefore(DateTimeOffset now) =>
        IsAccurate ? now - options.MaxClockOffset : DateTimeOffset.MinValue;

    /// <summary>
    /// Executes a read and compares the clocks. The database reads its clock at some instant meanwhile.
    /// </summary>
    public async Task<LogRead> ObserveAsync(Func<Task<LogRead>> readAsync)
    {
        var before = _time.GetUtcNow();
        var startedAt = _time.GetTimestamp();
        var read = await readAsync();
        var after = before + _time.GetElapsedTime(startedAt);

        // After a machine was suspended, its wall clock agrees with the database, and the steady clock is behind.
        if (_time is SteadyTimeProvider steady) steady.FollowStepAhead(read.DatabaseTime);

        // The offset is between these two; the one that is nearer to zero is certain.
        var (most, least) = (after - read.DatabaseTime, before - read.DatabaseTime);
        var offset = least > TimeSpan.Zero ? least : most < TimeSpan.Zero ? most : TimeSpan.Zero;
        Record(offset, before, read.DatabaseTime);
        return read;
    }

    private void Record(TimeSpan offset, DateTimeOffset siloTime, DateTimeOffset databaseTime)
    {
        Volatile.Write(ref _offsetTicks, offset.Ticks);
        Volatile.Write(ref _isCompared, true);
        var isAccurate = offset.Duration() <= _options.MaxClockOffset;
        var isNearLimit = isAccurate && offset.Duration() > _options.MaxClockOffset / 2;
        var (wasAccurate, wasNearLimit) = (IsAccurate, IsNearLimit);
        Volatile.Write(ref _isAccurate, isAccurate);
        Volatile.Write(ref _isNearLimit, isNearLimit);
        if (!isAccurate) _violations.Add(1);
        if (wasAccurate && !isAccurate) LogInaccurate(_logger, siloTime, databaseTime, _options.MaxClockOffset);
        if (!wasNearLimit && isNearLimit) LogNearLimit(_logger, offset, _options.MaxClockOffset);
        if ((!wasAccurate || wasNearLimit) && isAccurate && !isNearLimit) LogAccurate(_logger, offset);
    }

    private IEnumerable<Measurement<double>> Measure() =>
        Volatile.Read(ref _isCompared) ? [new Measurement<double>(Offset.TotalSeconds)] : [];
}
