using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Wakes a grain to erase the hashes of ended secrets. Armed while the change that needs it is written; should that fail, it
/// is made up for while the activation lives and by each later one. Validity never depends on it.
/// Source: docs/adr/0009-reminder-beside-the-write.md.
/// </summary>
/// <param name="grain">The one to wake.</param>
/// <param name="table">What is stored of reminders.</param>
/// <param name="earliest">When the grain next has something to erase, by its state.</param>
/// <param name="time">Of the grains.</param>
/// <param name="logger">Of the grain.</param>
internal sealed partial class ErasureReminder(
    Grain grain, IReminderTable table, Func<DateTimeOffset?> earliest, TimeProvider time, ILogger logger)
{
    public const string Name = "erase-ended-secrets";

    /// <summary>
    /// A tick that was missed or failed comes again one period later, so this bounds how late an erasure is after an
    /// outage. One minute is also the least that Orleans allows.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the tick behind the deadline when the clock of the reminder's silo runs ahead a little.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>A reminder due sooner than it takes to register loses its first tick.</summary>
    private static readonly TimeSpan ShortestDue = TimeSpan.FromSeconds(5);

    /// <summary>How long after an activation began, or a registration failed, it is seen whether there is a reminder.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private DateTimeOffset? _armedFor;
    private IGrainTimer? _ensuring;

    /// <summary>
    /// Sees to it that a tick comes at the first deadline or earlier, whichever of the two states storage holds in the end: a
    /// write may fail, and what has ended before it must not wait for the deadlines after it. Does not fail.
    /// </summary>
    public async Task Arm(DateTimeOffset? before, DateTimeOffset? after, DateTimeOffset now)
    {
        DateTimeOffset?[] deadlines = [before, after];
        if (deadlines.Min() is { } deadline) await Arm(deadline, now);
    }

    /// <summary>After a tick: the next one comes at the next deadline, or never when there is none.</summary>
    public async Task Rearm(DateTimeOffset? deadline, DateTimeOffset now)
    {
        _armedFor = null;
        if (deadline is { } next) await Arm(next, now);
        else if (await grain.GetReminder(Name) is { } reminder) await grain.UnregisterReminder(reminder);
    }

    /// <summary>
    /// Looks after a while whether there is a reminder that comes early enough, and registers one if not. Tries until it knows
    /// that there is; so long the activation stays.
    /// </summary>
    public void EnsureSoon() => _ensuring ??= grain.RegisterGrainTimer(
        Ensure, new GrainTimerCreationOptions { DueTime = Pause, Period = Pause, KeepAlive = true });

    private async Task Ensure()
    {
        if (earliest() is { } deadline && !(_armedFor <= deadline))
        {
            try
            {
                if (await IsStored(deadline)) _armedFor = deadline;
                else await Register(deadline, time.GetNow());
            }
            catch (Exception exception)
            {
                LogNotRegistered(logger, exception, grain.GetGrainId());
                return;
            }
        }

        _ensuring?.Dispose();
        _ensuring = null;
    }

    private async Task Arm(DateTimeOffset deadline, DateTimeOffset now)
    {
        if (_armedFor <= deadline) return;
        try
        {
            await Register(deadline, now);
        }
        catch (Exception exception)
        {
            LogNotRegistered(logger, exception, grain.GetGrainId());
            EnsureSoon();
        }
    }

    private async Task Register(DateTimeOffset deadline, DateTimeOffset now)
    {
        var due = deadline - now + Slack;
        await grain.RegisterOrUpdateReminder(Name, due > ShortestDue ? due : ShortestDue, Period);
        _armedFor = deadline;
    }

    /// <summary>Whether a reminder is stored that comes for this deadline, or as soon after it as if one tick were missed.</summary>
    private async Task<bool> IsStored(DateTimeOffset deadline) =>
        await table.ReadRow(grain.GetGrainId(), Name) is { } row && row.StartAt <= (deadline + Period).UtcDateTime;

    [LoggerMessage(EventId = 3, Level = LogLevel.Error,
        Message = "Registering the reminder of {GrainId} failed; it is tried again in a few seconds.")]
    private static partial void LogNotRegistered(ILogger logger, Exception exception, GrainId grainId);
}
