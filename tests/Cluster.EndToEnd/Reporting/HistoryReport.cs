using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>The results of a run.</summary>
internal sealed class HistoryReport
{
    private static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);

    public HistoryReport(
        HistoryRunOptions options,
        Moment end,
        IReadOnlyList<RecordedCall> calls,
        IReadOnlyList<OwnerEvent> events,
        IReadOnlyList<Incident> incidents,
        IReadOnlyList<Violation> violations,
        WebhookFigures webhooks,
        string logFolder)
    {
        (Options, Calls, Incidents, Violations, LogFolder) = (options, calls, incidents, violations, logFolder);
        Duration = TimeSpan.FromTicks(end.Ticks);
        (Events, Webhooks) = (events, webhooks);
        (AppliedUnknowns, NeverAppliedUnknowns) = Checker.Resolve(calls, events);
        Outages = Outage.FindAll(calls, incidents);
        Availability = FaultAvailability.FindAll(calls, incidents);

        var stops = incidents.Where(incident => incident.StopsProcess).ToLookup(incident => incident.Target);
        var toRunning = calls.Where(call => !stops[call.Target].Any(incident => incident.Overlaps(call))).ToList();
        LateCalls = [.. toRunning.Where(call => call.Duration > CallTimeLimit)];

        // An isolated silo that was declared dead may exit at any time until its incident is over.
        var all = incidents.SelectMany(incident => incident.ImpairedProcesses.Select(target => (target, incident)))
            .ToLookup(entry => entry.target, entry => entry.incident);
        UnansweredCalls = [.. toRunning.Where(call =>
            call.Status is null && !all[call.Target].Any(incident => incident.Overlaps(call)))];
        UnavailableWithoutRetryAfter = [.. calls.Where(
            call => call is { Status: 503, RetryAfter: null, IsInProcess: false })];
        ServerErrors = [.. calls.Where(call => call.Status is >= 500 and not 503)];
        RecoveryTimesAfterKill = [.. GetRecoveryTimes(IncidentKind.KillSilo)];
        RecoveryTimesAfterPause = [.. GetRecoveryTimes(IncidentKind.PauseSilo)];
    }

    public HistoryRunOptions Options { get; }

    /// <summary>The time from the start of the clients until the last fault was removed.</summary>
    public TimeSpan Duration { get; }

    public IReadOnlyList<RecordedCall> Calls { get; }

    /// <summary>The events in the database at the end.</summary>
    public IReadOnlyList<OwnerEvent> Events { get; }

    /// <summary>The number of changes of unknown outcome that took effect, according to the events.</summary>
    public int AppliedUnknowns { get; }

    /// <summary>The number of changes of unknown outcome that never took effect.</summary>
    public int NeverAppliedUnknowns { get; }

    public IReadOnlyList<Incident> Incidents { get; }

    public IReadOnlyList<Violation> Violations { get; }

    public WebhookFigures Webhooks { get; }

    public string LogFolder { get; }

    public IReadOnlyList<Outage> Outages { get; }

    /// <summary>The availability of validations during each kind of fault.</summary>
    public IReadOnlyList<FaultAvailability> Availability { get; }

    /// <summary>Calls that took longer than 10 s although the process ran.</summary>
    public IReadOnlyList<RecordedCall> LateCalls { get; }

    /// <summary>Calls without an HTTP response although the process had no fault.</summary>
    public IReadOnlyList<RecordedCall> UnansweredCalls { get; }

    public IReadOnlyList<RecordedCall> UnavailableWithoutRetryAfter { get; }

    /// <summary>Responses of 500 and above other than 503.</summary>
    public IReadOnlyList<RecordedCall> ServerErrors { get; }

    /// <summary>
    /// The times from the kill of a silo until a key responded again, one for each kill and key that had an outage, in
    /// ascending order.
    /// </summary>
    public IReadOnlyList<TimeSpan> RecoveryTimesAfterKill { get; }

    /// <summary>The same times for paused silos.</summary>
    public IReadOnlyList<TimeSpan> RecoveryTimesAfterPause { get; }

    public IEnumerable<DeclaredDeadTimes> DeclaredDeadTimes => Incidents
        .Where(incident => incident.Kind is IncidentKind.PauseSilo or IncidentKind.KillSilo
            or IncidentKind.IsolateFromPeers or IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth
            or IncidentKind.CutPair or IncidentKind.CutOneWay or IncidentKind.DelayPeers)
        .GroupBy(incident => incident.Kind)
        .OrderBy(group => group.Key)
        .Select(group => new DeclaredDeadTimes(group.Key, group.Count(), [.. group
            .Where(incident => incident.DeclaredDeadAt is not null)
            .Select(incident => incident.DeclaredDeadAt!.Value - incident.Start)
            .Order()]));

    public Outage? FindLongestOutage(bool affectsChanges) => Outages
        .Where(outage => outage.AffectsChanges == affectsChanges)
        .MaxBy(outage => outage.Duration);

    private IEnumerable<TimeSpan> GetRecoveryTimes(IncidentKind kind) => Outages
        .Where(outage => outage.During is { } incident && incident.Kind == kind)
        .GroupBy(outage => (outage.Key, outage.During!.Start))
        .Select(group => TimeSpan.FromTicks(group.Max(outage => outage.End.Ticks) - group.Key.Start.Ticks))
        .Order();
}
