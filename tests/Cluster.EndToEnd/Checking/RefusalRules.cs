using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rule of calls that were refused (4xx).</summary>
internal static class RefusalRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (HasPossibleReason(key, call)) yield break;
        yield return new(
            RuleNames.RefusedWithoutReason, $"No other call explains the response {call.Status} {call.Code}.", call);
    }

    /// <summary>
    /// The clients send valid requests: with their own API key, with ids from responses, with well-formed bodies. A
    /// refusal can therefore only mean that the key is revoked, that the secret to expire has already expired, or that
    /// a limit is reached.
    /// </summary>
    private static bool HasPossibleReason(KeyHistory key, RecordedCall call) => call.Code switch
    {
        "virtual_key_revoked" => key.MayBeRevokedBy(call.End),
        "retiring_secret_not_found" => key.MayHaveExpiredBy(call.Secret!, call.End),
        "too_many_retiring_secrets" or "too_many_idempotency_keys" or "too_many_requests" => true,
        _ => false,
    };
}
