using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rule of a request that is sent again under its idempotency key.</summary>
internal static class ReplayRules
{
    /// <summary>Every answer under one idempotency key hands out the same secret.</summary>
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (call.Operation is null) yield break;
        var first = key.Calls.First(other => other.Operation == call.Operation && other.Outcome == Outcome.Done);
        if (first.View!.Secret != call.View!.Secret)
            yield return new("OtherSecretOnRetry", "A retry under the same idempotency key got another secret.", call, first);
    }
}
