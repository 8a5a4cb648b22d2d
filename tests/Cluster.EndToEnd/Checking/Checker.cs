using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Checks a history against the guarantees. The events show which changes took effect, those of unknown outcome
/// included; the rules first verify the events against the calls, and then every response against the states that the
/// events describe. Owners are independent. A rule reports only what no order of the calls can explain;
/// <see cref="Timeline"/> derives what is certain and what is possible.
/// </summary>
internal static class Checker
{
    /// <summary>
    /// The operation of the reads at the end of a run, when every process is healthy and no client changes anything.
    /// </summary>
    public const string FinalReadOperation = "sweep";

    public static IReadOnlyList<Violation> Check(IEnumerable<RecordedCall> calls, IEnumerable<OwnerEvent> events) =>
        [.. CreateTimelines([.. calls], events).SelectMany(Check)];

    /// <summary>Returns the number of changes of unknown outcome that took effect, and of those that did not.</summary>
    public static (int Applied, int NeverApplied) Resolve(
        IReadOnlyList<RecordedCall> calls, IEnumerable<OwnerEvent> events)
    {
        var applied = events.Select(entry => entry.RequestId).ToHashSet();
        var unknown = calls.Where(call => call is { IsChange: true, Outcome: Outcome.Unknown }).ToList();
        var count = unknown.Count(call => applied.Contains(call.RequestId));
        return (count, unknown.Count - count);
    }

    /// <summary>Groups calls and events by owner. Owners of which no call is recorded are not checked.</summary>
    private static IEnumerable<Timeline> CreateTimelines(
        IReadOnlyList<RecordedCall> calls, IEnumerable<OwnerEvent> events)
    {
        var byRequest = calls.ToDictionary(call => call.RequestId);
        var tolerance = calls.Count == 0 ? TimeSpan.Zero : calls.Max(call => call.ClockTolerance);
        var eventsByOwner = events.ToLookup(entry => entry.Owner);
        var owners = eventsByOwner.SelectMany(owner => owner)
            .Where(entry => entry.RequestId is not null)
            .GroupBy(entry => entry.RequestId!)
            .ToDictionary(group => group.Key, group => group.First().Owner);

        // A create of unknown outcome does not know the id of its key; the event does.
        return calls
            .GroupBy(call => call is { Kind: CallKind.Create, View: null }
                ? owners.GetValueOrDefault(call.RequestId, call.Key)
                : call.Key)
            .Select(group => new Timeline(group.Key, group, eventsByOwner[group.Key], byRequest, tolerance));
    }

    private static IEnumerable<Violation> Check(Timeline owner) =>
        EventRules.Check(owner).Concat(owner.Calls.SelectMany(call => Check(owner, call)));

    private static IEnumerable<Violation> Check(Timeline owner, RecordedCall call)
    {
        if (call.IsAccepted || call.IsRejected) return VerdictRules.Check(owner, call);
        if (call.Outcome == Outcome.Refused) return RefusalRules.Check(owner, call);
        if (call.Outcome != Outcome.Done) return [];
        return call.IsChange
            ? ChangeRules.Check(owner, call).Concat(ReplayRules.Check(owner, call))
            : ReadRules.Check(owner, call);
    }
}
