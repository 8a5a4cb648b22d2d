using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>
/// A time without an answer for one key, of its changes or of its validations, as its clients saw it through nodes that
/// nothing befell: from the start of the first call that failed to the end of the last one before one was answered.
/// </summary>
internal sealed record Outage(string Key, bool AffectsChanges, Moment Start, Moment End, Incident? During)
{
    /// <summary>A fault may show for this long after its target was ready again.</summary>
    private static readonly TimeSpan RecoveryAllowance = TimeSpan.FromSeconds(10);

    public TimeSpan Duration => End - Start;

    public static IReadOnlyList<Outage> FindAll(IReadOnlyList<RecordedCall> calls, IReadOnlyList<Incident> incidents)
    {
        var harms = incidents.ToLookup(incident => incident.Target);
        var unharmed = calls.Where(call => !harms[call.Node].Any(incident => incident.Overlaps(call)));
        var stretches = new List<Outage>();
        foreach (var group in unharmed.Where(call => call.Kind is not (CallKind.Create or CallKind.Read))
            .GroupBy(call => (call.Key, call.IsChange)))
        {
            Moment? start = null;
            var last = default(Moment);
            foreach (var call in group.OrderBy(call => call.End.Ticks))
            {
                if (call.Outcome == Outcome.Unknown)
                {
                    start = start is { } earlier && earlier < call.Start ? earlier : call.Start;
                    last = call.End;
                }
                else if (start is { } failed && failed < call.Start)
                {
                    stretches.Add(new(group.Key.Key, group.Key.IsChange, failed, last, FindLastIncidentBefore(failed, incidents)));
                    start = null;
                }
            }
        }

        return stretches;
    }

    private static Incident? FindLastIncidentBefore(Moment moment, IEnumerable<Incident> incidents) => incidents
        .Where(incident => incident.Start < moment && (incident.ReadyAt is not { } ready || moment - ready < RecoveryAllowance))
        .MaxBy(incident => incident.Start.Ticks);
}
