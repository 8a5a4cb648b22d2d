using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Proves from a history that the promises were kept. Keys have nothing to do with each other, so each is judged by its own
/// calls. A rule reports only what no order of the calls can explain; what is certain and what is possible is told by
/// <see cref="KeyHistory"/>.
/// </summary>
internal static class Checker
{
    public static IReadOnlyList<Violation> Check(IEnumerable<RecordedCall> calls) =>
        [.. calls.GroupBy(call => call.Key).SelectMany(key => Check(new KeyHistory(key)))];

    private static IEnumerable<Violation> Check(KeyHistory key) => key.Calls.SelectMany(call => call switch
    {
        { Kind: CallKind.Validate, Outcome: Outcome.Done } => VerdictRules.Check(key, call),
        { Kind: CallKind.Read, Outcome: Outcome.Done } when call.Operation == SweepOperation => FinalStateRules.Check(key, call),
        { Outcome: Outcome.Refused } => RefusalRules.Check(key, call),
        { Kind: CallKind.Create or CallKind.Rotate, Outcome: Outcome.Done } => ReplayRules.Check(key, call),
        _ => [],
    });

    /// <summary>Marks the reads at the end, when every node is well and nothing changes any more.</summary>
    public const string SweepOperation = "sweep";
}
