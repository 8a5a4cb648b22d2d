using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>
/// A period without a response for the changes or the validations of one key, through processes without a fault. It
/// lasts from the start of the first failed call to the end of the last one before a call succeeds.
/// </summary>
/// <param name="Key">The id of the key.</param>
/// <param name="AffectsChanges">Whether the calls are changes; otherwise they are validations.</param>
/// <param name="Start">The start of the first failed call.</param>
/// <param name="End">The end of the last failed call.</param>
/// <param name="During">The incident that probably caused the outage; null when there is none.</param>
internal sealed record Outage(string Key, bool AffectsChanges, Moment Start, Moment End, Incident? During)
{
    /// <summary>How long after the recovery of its target an incident may still cause an outage.</summary>
    private static readonly TimeSpan RecoveryAllowance = TimeSpan.FromSeconds(10);

    public TimeSpan Duration => End - Start;

    public static IReadOnlyList<Outage> FindAll(IReadOnlyList<RecordedCall> calls, IReadOnlyList<Incident> incidents)
    {
        var incidentsByTarget = incidents
            .SelectMany(incident => incident.ImpairedProcesses.Select(target => (target, incident)))
            .ToLookup(entry => entry.target, entry => entry.incident);
        var groups = calls
            .Where(call => call.Kind is not (CallKind.Create or CallKind.Read or CallKind.List))
            .Where(call => !incidentsByTarget[call.Target].Any(incident => incident.Overlaps(call)))
            .GroupBy(call => (call.Key, call.IsChange));
        return [.. groups.SelectMany(group => Find(group.Key.Key, group.Key.IsChange, group, incidents))];
    }

    private static IEnumerable<Outage> Find(
        string key, bool affectsChanges, IEnumerable<RecordedCall> calls, IReadOnlyList<Incident> incidents)
    {
        Moment? start = null;
        var end = default(Moment);
        foreach (var call in calls.OrderBy(call => call.End.Ticks))
        {
            if (call.Outcome == Outcome.Unknown)
            {
                start = start is { } earlier && earlier < call.Start ? earlier : call.Start;
                end = call.End;
            }
            else if (start is { } failed && failed < call.Start)
            {
                yield return new(key, affectsChanges, failed, end, FindLastIncidentBefore(failed, incidents));
                start = null;
            }
        }
    }

    private static Incident? FindLastIncidentBefore(Moment moment, IEnumerable<Incident> incidents) => incidents
        .Where(incident => incident.Start < moment
            && (incident.ReadyAt is not { } ready || moment - ready < RecoveryAllowance))
        .MaxBy(incident => incident.Start.Ticks);
}
