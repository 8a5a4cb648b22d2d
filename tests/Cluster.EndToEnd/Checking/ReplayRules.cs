using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of requests that are repeated under the same idempotency key.</summary>
internal static class ReplayRules
{
    public static IEnumerable<Violation> Check(Timeline owner, RecordedCall call)
    {
        if (call.Operation is null) yield break;
        var attempts = owner.Calls.Where(other => other.Operation == call.Operation).ToList();

        // All responses contain the same secret.
        var first = attempts.Find(other => other.Outcome == Outcome.Done)!;
        if (first.IssuedSecret != call.IssuedSecret)
        {
            yield return new(
                RuleNames.DifferentSecretOnReplay,
                "A retry under the same idempotency key returned another secret.",
                call,
                first);
        }

        // Only one of the attempts issued a secret, also when no response contained it.
        var issued = attempts
            .SelectMany(attempt => owner.StepsByRequest[attempt.RequestId])
            .Where(step => step.Event.Type is EventType.Created or EventType.Rotated)
            .ToList();
        if (issued.Count > 1)
        {
            yield return new(
                RuleNames.DifferentSecretOnReplay,
                $"A retry under the same idempotency key issued a second secret: {issued[1].Event}.",
                call,
                issued[0].Call);
        }
    }
}
