using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of validations that returned a verdict.</summary>
internal static class VerdictRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (call.IsAccepted) return CheckInvalidation(key, call).Concat(CheckDeadline(key, call));
        return key.Issuances.TryGetValue(call.Secret!, out var issuance) && issuance.End < call.Start
            ? CheckReason(key, call, issuance).Concat(CheckRevokedCode(key, call))
            : [];
    }

    /// <summary>
    /// After the response to a call that makes a secret invalid (revoke, expire, disable, a rotation without a grace
    /// period), or after its deadline, no validation that starts later accepts the secret. A disabled key may be
    /// accepted if a call to enable it may have taken effect in between.
    /// </summary>
    private static IEnumerable<Violation> CheckInvalidation(KeyHistory key, RecordedCall call)
    {
        var invalidation = key.FindInvalidationBefore(call.Secret!, call.Start) ?? key.FindDisableThroughout(call);
        if (invalidation is not null)
        {
            yield return new(
                RuleNames.AcceptedAfterInvalidation,
                "A secret was accepted after the response that made it invalid.",
                call,
                invalidation);
        }
    }

    /// <summary>
    /// A verdict on a retiring secret contains the deadline that the response to its rotation contained.
    /// </summary>
    private static IEnumerable<Violation> CheckDeadline(KeyHistory key, RecordedCall call)
    {
        if (call.ValidUntil is { } actual && key.GetDeadline(call.Secret!) is { } expected && actual != expected)
            yield return new(RuleNames.DeadlineMismatch, $"The deadline is {actual:O} instead of {expected:O}.", call);
    }

    /// <summary>
    /// After the response that issued it, a secret is rejected only for a possible reason: revoked if a revocation may
    /// have taken effect; disabled if the key may be disabled; expired or unknown if its deadline may have passed or a
    /// call may have expired it.
    /// </summary>
    private static IEnumerable<Violation> CheckReason(KeyHistory key, RecordedCall call, RecordedCall issuance)
    {
        var isPossible = call.Code switch
        {
            "revoked" => key.MayBeRevokedBy(call.End),
            "disabled" => key.MayBeDisabledDuring(call),
            "expired_secret" or "not_found" => key.MayHaveExpiredBy(call.Secret!, call.End),
            _ => false,
        };
        if (!isPossible)
        {
            yield return new(
                RuleNames.RejectedWithoutReason, $"A valid secret was rejected as {call.Code}.", call, issuance);
        }
    }

    /// <summary>
    /// Every secret of a revoked key is rejected as revoked, whatever else applies. A secret whose hash may be erased
    /// can also be unknown.
    /// </summary>
    private static IEnumerable<Violation> CheckRevokedCode(KeyHistory key, RecordedCall call)
    {
        if (call.Code is "disabled" or "expired_secret" && key.FindRevocationBefore(call.Start) is { } revocation)
        {
            yield return new(
                RuleNames.WrongCodeForRevokedKey,
                $"A secret of a revoked key was rejected as {call.Code}.",
                call,
                revocation);
        }
    }
}
