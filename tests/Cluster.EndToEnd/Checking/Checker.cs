using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Checks a history against the guarantees. Keys are independent, so each is checked by its own calls. A rule reports
/// only what no order of the calls can explain. <see cref="KeyHistory"/> derives what is certain and what is possible.
/// </summary>
internal static class Checker
{
    /// <summary>
    /// The operation of the reads at the end of a run, when every process is healthy and no client changes anything.
    /// </summary>
    public const string FinalReadOperation = "sweep";

    public static IReadOnlyList<Violation> Check(IEnumerable<RecordedCall> calls) =>
        [.. calls.GroupBy(call => call.Key).SelectMany(key => Check(new KeyHistory(key)))];

    private static IEnumerable<Violation> Check(KeyHistory key) => key.Calls.SelectMany(call => call switch
    {
        { Kind: CallKind.Validate, Outcome: Outcome.Done } => VerdictRules.Check(key, call),
        { Kind: CallKind.Read, Outcome: Outcome.Done, Operation: FinalReadOperation } =>
            FinalStateRules.Check(key, call),
        { Outcome: Outcome.Refused } => RefusalRules.Check(key, call),
        { Kind: CallKind.Create or CallKind.Rotate, Outcome: Outcome.Done } => ReplayRules.Check(key, call),
        _ => [],
    });
}
