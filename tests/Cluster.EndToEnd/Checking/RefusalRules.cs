using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rule of calls that were refused (4xx).</summary>
internal static class RefusalRules
{
    public static IEnumerable<Violation> Check(Timeline owner, RecordedCall call)
    {
        if (HasPossibleReason(owner, call)) yield break;
        yield return new(
            RuleNames.RefusedWithoutReason, $"No other call explains the response {call.Status} {call.Code}.", call);
    }

    /// <summary>
    /// The clients send valid requests: with their own API key, with ids from responses, with well-formed bodies, and
    /// with ends in the future. A refusal can therefore only mean that the key is revoked, that the secret has already
    /// expired, that the key expires before the requested deadline, or that a limit is reached.
    /// </summary>
    private static bool HasPossibleReason(Timeline owner, RecordedCall call)
    {
        var states = owner.GetPossible(call).Select(step => step.After);
        var to = call.End.WallClock + call.ClockTolerance;
        return call.Code switch
        {
            "virtual_key_revoked" => states.Any(state => state.IsRevoked),
            "retiring_secret_not_found" => states.Any(state => !state.IsRetiring(call.Secret!, to)),
            "validation_failed" => call.RequestedEnd is { } end
                && (end <= to || states.Any(state => state.ExpiresAt < end)),
            "too_many_retiring_secrets" or "too_many_idempotency_keys" or "too_many_requests" => true,
            _ => false,
        };
    }
}
