using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rule of a call that was refused (4xx).</summary>
internal static class RefusalRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (!HasPossibleReason(key, call))
            yield return new("RefusedWithoutReason", $"Nothing explains {call.Status} {call.Code}.", call);
    }

    /// <summary>
    /// The clients send what is right: their own API key, ids that they were told, readable bodies. So a refusal has one of
    /// few reasons: the key may be revoked, the secret to cut may have ended, too many secrets retire.
    /// </summary>
    private static bool HasPossibleReason(KeyHistory key, RecordedCall call) => call.Code switch
    {
        "virtual_key_revoked" => key.MayBeRevokedBy(call.End),
        "retiring_secret_not_found" => key.MayHaveExpiredBy(call.Secret!, call.End),
        "too_many_retiring_secrets" or "too_many_idempotency_keys" or "too_many_requests" => true,
        _ => false,
    };
}
