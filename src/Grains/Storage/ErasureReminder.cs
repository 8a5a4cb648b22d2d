using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Wakes a grain to erase the hashes of ended secrets. Armed before a rotation commits, so that a stored deadline
/// always has a reminder. Validity never depends on it.
/// </summary>
internal sealed partial class ErasureReminder(Grain grain, ILogger logger)
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

    private DateTimeOffset? _armedFor;

    /// <summary>
    /// Sees to it, before a write, that a tick comes at the first deadline or earlier, whichever of the two states storage
    /// holds after it: a write may fail, and what has ended before it must not wait for the deadlines after it.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It could not be registered.</exception>
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

    private async Task Arm(DateTimeOffset deadline, DateTimeOffset now)
    {
        if (_armedFor <= deadline) return;
        var due = deadline - now + Slack;
        try
        {
            await grain.RegisterOrUpdateReminder(Name, due > ShortestDue ? due : ShortestDue, Period);
        }
        catch (Exception exception)
        {
            LogNotRegistered(logger, exception, grain.GetGrainId());
            throw new StorageUnavailableException();
        }

        _armedFor = deadline;
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "Registering the reminder of {GrainId} failed.")]
    private static partial void LogNotRegistered(ILogger logger, Exception exception, GrainId grainId);
}
