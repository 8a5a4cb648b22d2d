using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>
/// The validations of cached secrets through processes without a fault, while faults of one kind lasted. A secret is
/// cached in a process that accepted it within the last minute.
/// </summary>
/// <param name="Kind">The kind of the faults.</param>
/// <param name="Count">The number of faults.</param>
/// <param name="LongestUntilHealed">The longest time until a fault was removed.</param>
/// <param name="LongestUntilReady">The longest time until the target was ready again.</param>
/// <param name="Validations">The number of validations.</param>
/// <param name="Answered">How many of them had a verdict.</param>
/// <param name="UnavailableAtStart">
/// How many of those that began within two seconds after the start of a fault got 503.
/// </param>
/// <param name="LongestGap">
/// The longest time in which a process answered none of them, from the start of the first one without a verdict to the
/// end of the last one before a verdict.
/// </param>
/// <param name="GapStart">The first validation of the longest gap; null when all were answered.</param>
internal sealed record FaultAvailability(
    IncidentKind Kind,
    int Count,
    TimeSpan LongestUntilHealed,
    TimeSpan LongestUntilReady,
    int Validations,
    int Answered,
    int UnavailableAtStart,
    TimeSpan LongestGap,
    RecordedCall? GapStart)
{
    private static readonly TimeSpan CachedFor = TimeSpan.FromMinutes(1);

    /// <summary>A fault of this duration, such as a pause, must cost no cached validation.</summary>
    private static readonly TimeSpan StartOfFault = TimeSpan.FromSeconds(2);

    public double Share => Validations == 0 ? 1 : (double)Answered / Validations;

    public static IReadOnlyList<FaultAvailability> FindAll(
        IReadOnlyList<RecordedCall> calls, IReadOnlyList<Incident> incidents)
    {
        var byTarget = incidents.SelectMany(incident => incident.ImpairedProcesses.Select(target => (target, incident)))
            .ToLookup(entry => entry.target, entry => entry.incident);
        var validations = calls.Where(call => call.Kind == CallKind.Validate).GroupBy(call => call.Target)
            .Select(group => FindCached(group)
                .Where(call => !byTarget[call.Target].Any(incident => incident.Overlaps(call)))
                .ToList())
            .ToList();
        return
        [
            .. incidents.GroupBy(incident => incident.Kind).OrderBy(group => group.Key)
                .Select(group => Create(group.Key, [.. group], validations)),
        ];
    }

    private static FaultAvailability Create(
        IncidentKind kind, IReadOnlyList<Incident> incidents, IReadOnlyList<List<RecordedCall>> validations)
    {
        var (count, answered, unavailableAtStart) = (0, 0, 0);
        var longest = (Gap: TimeSpan.Zero, Start: (RecordedCall?)null);
        foreach (var incident in incidents)
        {
            foreach (var target in validations)
            {
                var during = target.Where(call => incident.Start < call.Start
                    && (incident.ReadyAt is not { } ready || call.Start < ready)).ToList();
                count += during.Count;
                answered += during.Count(HasVerdict);
                unavailableAtStart += during.Count(
                    call => call.Status == 503 && call.Start - incident.Start < StartOfFault);
                foreach (var found in FindGaps(during))
                    if (found.Gap > longest.Gap) longest = found;
            }
        }

        return new FaultAvailability(
            kind,
            incidents.Count,
            incidents.Max(incident => (incident.HealedAt ?? incident.Start) - incident.Start),
            incidents.Max(incident => (incident.ReadyAt ?? incident.Start) - incident.Start),
            count,
            answered,
            unavailableAtStart,
            longest.Gap,
            longest.Start);
    }

    private static IEnumerable<RecordedCall> FindCached(IEnumerable<RecordedCall> calls)
    {
        var accepted = new Dictionary<(string Key, string Secret), Moment>();
        foreach (var call in calls.OrderBy(call => call.Start.Ticks))
        {
            var secret = (call.Key, call.Secret!);
            if (accepted.TryGetValue(secret, out var last) && last < call.Start && call.Start - last < CachedFor)
                yield return call;
            if (call.IsAccepted) accepted[secret] = call.End;
        }
    }

    /// <summary>Returns the times in which no validation had a verdict.</summary>
    private static IEnumerable<(TimeSpan Gap, RecordedCall? Start)> FindGaps(IEnumerable<RecordedCall> calls)
    {
        RecordedCall? failed = null;
        foreach (var call in calls.OrderBy(call => call.End.Ticks))
        {
            if (HasVerdict(call))
            {
                failed = null;
                continue;
            }

            if (failed is null || call.Start < failed.Start) failed = call;
            yield return (call.End - failed.Start, failed);
        }
    }

    private static bool HasVerdict(RecordedCall call) => call.Outcome == Outcome.Done;
}
