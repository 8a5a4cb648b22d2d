using KeysCluster.Validation.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Compares the clock of this silo with that of the database. Deadlines are compared with the clock of each silo, and
/// no two silos differ by more than twice <see cref="LeaseOptions.MaxClockOffset"/> while both have a lease.
/// </summary>
public sealed partial class DatabaseClock(
    LeaseOptions options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<DatabaseClock> logger)
{
    private long _offsetTicks;
    private bool _isAccurate = true;

    /// <summary>How far the clock of this silo is ahead of that of the database, as last observed.</summary>
    public TimeSpan Offset => new(Volatile.Read(ref _offsetTicks));

    /// <summary>Whether the offset is within the limit. If not, this silo gets no lease and erases nothing.</summary>
    public bool IsAccurate => Volatile.Read(ref _isAccurate);

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
        var before = time.GetUtcNow();
        var startedAt = time.GetTimestamp();
        var read = await readAsync();
        var after = before + time.GetElapsedTime(startedAt);

        // After a machine was suspended, its wall clock agrees with the database, and the steady clock is behind.
        if (time is SteadyTimeProvider steady) steady.FollowStepAhead(read.DatabaseTime);

        // The offset is between these two; the one that is nearer to zero is certain.
        var (most, least) = (after - read.DatabaseTime, before - read.DatabaseTime);
        var offset = least > TimeSpan.Zero ? least : most < TimeSpan.Zero ? most : TimeSpan.Zero;
        Volatile.Write(ref _offsetTicks, offset.Ticks);
        var isAccurate = offset.Duration() <= options.MaxClockOffset;
        if (isAccurate != IsAccurate)
        {
            Volatile.Write(ref _isAccurate, isAccurate);
            if (isAccurate) LogAccurate(logger, offset);
            else LogInaccurate(logger, before, read.DatabaseTime, options.MaxClockOffset);
        }

        return read;
    }
}
