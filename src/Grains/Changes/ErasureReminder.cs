using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Wakes a grain to erase the hashes of expired secrets. The database stores the reminder in the transaction that
/// writes the state, and the reminder service of Orleans finds it when it next reads its range. Validity never depends
/// on the reminder. Source: docs/adr/0014-reminder-in-the-transaction.md.
/// </summary>
/// <param name="grain">The grain to wake.</param>
/// <param name="time">The clock of the grains.</param>
/// <param name="logger">The logger of the grain.</param>
internal sealed partial class ErasureReminder(Grain grain, TimeProvider time, ILogger logger)
{
    // Stored in reminder rows, also by the database script: never change it.
    public const string Name = "erase-ended-secrets";

    /// <summary>
    /// A missed or failed tick is repeated one period later, so the period bounds the delay of an erasure after an
    /// outage. One minute is the minimum that Orleans permits.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the tick behind the deadline, and the erasure behind the permitted clock offset.</summary>
    private static readonly TimeSpan TickDelay = TimeSpan.FromSeconds(2);

    /// <summary>A reminder that is due before its registration completes loses its first tick.</summary>
    private static readonly TimeSpan MinDueTime = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _dueAt;
    private IGrainTimer? _timer;

    /// <summary>
    /// Registers a tick that is due before the reminder service reads the stored one. Delays no call of the grain: the
    /// registration is a call to another silo, and the stored reminder suffices when it fails.
    /// </summary>
    public void ArmIfSoon(DateTimeOffset? dueAt, DateTimeOffset now)
    {
        if (dueAt is null || dueAt - now > ReminderSchedule.RefreshPeriod || _dueAt <= dueAt) return;
        _dueAt = dueAt;
        _timer ??= grain.RegisterGrainTimer(
            RegisterAsync,
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    /// <summary>
    /// Removes the reminder when nothing is left to erase. The reminder is read before the state is verified: if
    /// another activation stores a state with a deadline, and its reminder, the verification or the removal fails.
    /// </summary>
    /// <param name="verifyStateAsync">Throws if the state of this activation is not the stored one.</param>
    public async Task RemoveAsync(Func<Task> verifyStateAsync)
    {
        _dueAt = null;
        var reminder = await grain.GetReminder(Name);
        await verifyStateAsync();
        if (reminder is not null) await grain.UnregisterReminder(reminder);
    }

    /// <summary>Permits another registration after a tick.</summary>
    public void Reset() => _dueAt = null;

    private async Task RegisterAsync()
    {
        _timer?.Dispose();
        _timer = null;
        if (_dueAt is not { } dueAt) return;
        try
        {
            var due = dueAt - time.GetUtcNow() + TickDelay;
            await grain.RegisterOrUpdateReminder(Name, due > MinDueTime ? due : MinDueTime, Period);
        }
        catch (Exception exception)
        {
            LogRegistrationFailed(logger, exception, grain.GetGrainId());
        }
    }
}
