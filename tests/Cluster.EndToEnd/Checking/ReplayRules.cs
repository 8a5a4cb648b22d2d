using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rule of requests that are repeated under the same idempotency key.</summary>
internal static class ReplayRules
{
    /// <summary>All responses under one idempotency key contain the same secret.</summary>
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (call.Operation is null) yield break;
        var first = key.Calls.First(other => other.Operation == call.Operation && other.Outcome == Outcome.Done);
        if (first.View!.Secret != call.View!.Secret)
        {
            yield return new(
                RuleNames.DifferentSecretOnReplay,
                "A retry under the same idempotency key returned another secret.",
                call,
                first);
        }
    }
}
