using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>What a run showed.</summary>
internal sealed class HistoryReport
{
    private static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);

    public HistoryReport(
        HistoryRunOptions settings,
        Moment end,
        IReadOnlyList<RecordedCall> calls,
        IReadOnlyList<Incident> incidents,
        IReadOnlyList<Violation> violations,
        string logFolder)
    {
        (Options, Calls, Incidents, Violations, LogFolder) = (settings, calls, incidents, violations, logFolder);
        Duration = TimeSpan.FromTicks(end.Ticks);
        Outages = Outage.FindAll(calls, incidents);

        var stopped = incidents.Where(incident => incident.StopsProcess).ToLookup(incident => incident.Target);
        var alive = calls.Where(call => !stopped[call.Node].Any(incident => incident.Overlaps(call))).ToList();
        LateCalls = [.. alive.Where(call => call.Duration > CallTimeLimit)];

        // A silo that learns that it was declared dead ends by itself, at any time while it is cut off or recovers from that.
        var befallen = incidents.ToLookup(incident => incident.Target);
        UnansweredCalls = [.. alive.Where(call =>
            call.Status is null && !befallen[call.Node].Any(incident => incident.Overlaps(call)))];
        UnavailableWithoutRetryAfter = [.. calls.Where(call => call is { Status: 503, HasRetryAfter: false })];
        ServerErrors = [.. calls.Where(call => call.Status is >= 500 and not 503)];
        RecoveryTimesAfterKill = [.. GetRecoveryTimes(IncidentKind.KillSilo)];
        RecoveryTimesAfterPause = [.. GetRecoveryTimes(IncidentKind.PauseSilo)];
    }

    public HistoryRunOptions Options { get; }

    /// <summary>Of the calls of the clients, until the last fault was healed.</summary>
    public TimeSpan Duration { get; }

    public IReadOnlyList<RecordedCall> Calls { get; }

    public IReadOnlyList<Incident> Incidents { get; }

    public IReadOnlyList<Violation> Violations { get; }

    public string LogFolder { get; }

    public IReadOnlyList<Outage> Outages { get; }

    /// <summary>Calls that took longer than 10 s though the process they were sent to was neither ended nor paused.</summary>
    public IReadOnlyList<RecordedCall> LateCalls { get; }

    /// <summary>Calls without an HTTP answer though nothing befell the process they were sent to.</summary>
    public IReadOnlyList<RecordedCall> UnansweredCalls { get; }

    public IReadOnlyList<RecordedCall> UnavailableWithoutRetryAfter { get; }

    /// <summary>Answers that are neither a result nor a refusal nor a 503.</summary>
    public IReadOnlyList<RecordedCall> ServerErrors { get; }

    /// <summary>For each kill of a silo and each key that it made wait: from the kill to the first answer.</summary>
    public IReadOnlyList<TimeSpan> RecoveryTimesAfterKill { get; }

    /// <summary>The same for a paused silo.</summary>
    public IReadOnlyList<TimeSpan> RecoveryTimesAfterPause { get; }

    public Outage? FindLongestOutage(bool ofChanges) =>
        Outages.Where(stretch => stretch.AffectsChanges == ofChanges).MaxBy(stretch => stretch.Duration);

    /// <summary>How long until the membership table said that a silo is dead, by what befell it.</summary>
    public IEnumerable<(IncidentKind Kind, int Of, IReadOnlyList<TimeSpan> Times)> DeclaredDeadTimes => Incidents
        .Where(incident => incident.Kind is IncidentKind.PauseSilo or IncidentKind.KillSilo or IncidentKind.IsolateFromPeers
            or IncidentKind.IsolateFromPostgres or IncidentKind.IsolateFromBoth)
        .GroupBy(incident => incident.Kind)
        .OrderBy(group => group.Key)
        .Select(group => (group.Key, group.Count(), (IReadOnlyList<TimeSpan>)
            [.. group.Where(incident => incident.DeclaredDeadAt is not null).Select(incident => incident.DeclaredDeadAt!.Value - incident.Start).Order()]));

    private IEnumerable<TimeSpan> GetRecoveryTimes(IncidentKind kind) => Outages
        .Where(stretch => stretch.During is { } incident && incident.Kind == kind)
        .GroupBy(stretch => (stretch.Key, stretch.During!.Start))
        .Select(group => TimeSpan.FromTicks(group.Max(stretch => stretch.End.Ticks) - group.Key.Start.Ticks))
        .Order();
}
