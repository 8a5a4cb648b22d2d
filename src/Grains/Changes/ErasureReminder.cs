using KeysCluster.Grains.Time;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Wakes a grain to erase the hashes of expired secrets. The reminder is registered during the write of the change that
/// needs it. A failed registration is retried while the activation lives, and checked by each later activation.
/// Validity never depends on the reminder. Source: docs/adr/0009-reminder-registered-during-the-write.md.
/// </summary>
/// <param name="grain">The grain to wake.</param>
/// <param name="table">The stored reminders.</param>
/// <param name="nextDue">Returns the time of the grain's next erasure.</param>
/// <param name="time">The clock of the grains.</param>
/// <param name="logger">The logger of the grain.</param>
internal sealed partial class ErasureReminder(
    Grain grain, IReminderTable table, Func<DateTimeOffset?> nextDue, TimeProvider time, ILogger logger)
{
    // Stored in reminder rows: never change it.
    public const string Name = "erase-ended-secrets";

    /// <summary>The delay after an activation, or a failed registration, before the registration is checked.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A missed or failed tick is repeated one period later, so the period bounds the delay of an erasure after an
    /// outage. One minute is the minimum that Orleans permits.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the tick behind the deadline when the clock of the reminder's silo is slightly ahead.</summary>
    private static readonly TimeSpan ClockSkewAllowance = TimeSpan.FromSeconds(1);

    /// <summary>A reminder that is due before its registration completes loses its first tick.</summary>
    private static readonly TimeSpan MinDueTime = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _armedFor;
    private IGrainTimer? _ensureTimer;

    /// <summary>
    /// Ensures a tick at the earlier of two deadlines. The write may fail, so either of the two states may be the
    /// stored one. Does not throw.
    /// </summary>
    /// <param name="before">The deadline of the state before the write.</param>
    /// <param name="after">The deadline of the state after the write.</param>
    /// <param name="now">The current time.</param>
    public async Task ArmAsync(DateTimeOffset? before, DateTimeOffset? after, DateTimeOffset now)
    {
        DateTimeOffset?[] deadlines = [before, after];
        if (deadlines.Min() is { } deadline) await ArmAsync(deadline, now);
    }

    /// <summary>
    /// Registers the next tick after an erasure, or removes the reminder when nothing is left to erase.
    /// </summary>
    public async Task RearmAsync(DateTimeOffset? deadline, DateTimeOffset now)
    {
        _armedFor = null;
        if (deadline is { } next) await ArmAsync(next, now);
        else if (await grain.GetReminder(Name) is { } reminder) await grain.UnregisterReminder(reminder);
    }

    /// <summary>
    /// Schedules a check that an early enough reminder is stored, and registers one if not. The check is retried until
    /// it succeeds and keeps the activation alive until then.
    /// </summary>
    public void ScheduleEnsure() => _ensureTimer ??= grain.RegisterGrainTimer(
        EnsureAsync, new GrainTimerCreationOptions { DueTime = RetryDelay, Period = RetryDelay, KeepAlive = true });

    private async Task EnsureAsync()
    {
        if (nextDue() is { } deadline && !(_armedFor <= deadline))
        {
            try
            {
                if (await IsStoredAsync(deadline)) _armedFor = deadline;
                else await RegisterAsync(deadline, time.GetUtcNowMilliseconds());
            }
            catch (Exception exception)
            {
                LogRegistrationFailed(logger, exception, grain.GetGrainId());
                return;
            }
        }

        _ensureTimer?.Dispose();
        _ensureTimer = null;
    }

    private async Task ArmAsync(DateTimeOffset deadline, DateTimeOffset now)
    {
        if (_armedFor <= deadline) return;
        try
        {
            await RegisterAsync(deadline, now);
        }
        catch (Exception exception)
        {
            LogRegistrationFailed(logger, exception, grain.GetGrainId());
            ScheduleEnsure();
        }
    }

    private async Task RegisterAsync(DateTimeOffset deadline, DateTimeOffset now)
    {
        var due = deadline - now + ClockSkewAllowance;
        await grain.RegisterOrUpdateReminder(Name, due > MinDueTime ? due : MinDueTime, Period);
        _armedFor = deadline;
    }

    /// <summary>Returns whether a reminder is stored that ticks at the deadline, or one period later at most.</summary>
    private async Task<bool> IsStoredAsync(DateTimeOffset deadline) =>
        await table.ReadRow(grain.GetGrainId(), Name) is { } row && row.StartAt <= (deadline + Period).UtcDateTime;
}
