using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of a validation that gave a verdict.</summary>
internal static class VerdictRules
{
    public static IEnumerable<Violation> Check(KeyHistory key, RecordedCall call)
    {
        if (call.IsAccepted) return AcceptedAfterItsEnd(key, call).Concat(OtherDeadlineThanPromised(key, call));
        return key.Issuances.TryGetValue(call.Secret!, out var issue) && issue.End < call.Start
            ? RejectedWithoutReason(key, call, issue).Concat(OtherReasonThanRevoked(key, call))
            : [];
    }

    /// <summary>
    /// Once the answer that ended a secret is there (revoke, cut, a rotation that left it no time, disable), or its deadline
    /// has passed, no validation that starts later accepts it. A disabled key may be enabled again: then only when no
    /// enabling can have come in between.
    /// </summary>
    private static IEnumerable<Violation> AcceptedAfterItsEnd(KeyHistory key, RecordedCall call)
    {
        if ((key.FindInvalidationBefore(call.Secret!, call.Start) ?? key.FindDisableThroughout(call)) is { } end)
            yield return new(nameof(AcceptedAfterItsEnd), "A secret was accepted after the answer that ended it.", call, end);
    }

    /// <summary>A verdict of a retiring secret tells the deadline that the answer to its rotation promised.</summary>
    private static IEnumerable<Violation> OtherDeadlineThanPromised(KeyHistory key, RecordedCall call)
    {
        if (call.ValidUntil is { } told && key.GetDeadline(call.Secret!) is { } promised && told != promised)
            yield return new(nameof(OtherDeadlineThanPromised), $"Promised {promised:O}, told {told:O}.", call);
    }

    /// <summary>
    /// From the answer that handed it out, a secret is refused only for a reason that is possible: revoked, when a revocation
    /// may have come; disabled, when a disabling may hold; past its deadline or unknown, when its deadline may have passed or
    /// a cut may have ended it.
    /// </summary>
    private static IEnumerable<Violation> RejectedWithoutReason(KeyHistory key, RecordedCall call, RecordedCall issue)
    {
        var isPossible = call.Code switch
        {
            "revoked" => key.MayBeRevokedBy(call.End),
            "disabled" => key.MayBeDisabledDuring(call),
            "expired_secret" or "not_found" => key.MayHaveExpiredBy(call.Secret!, call.End),
            _ => false,
        };
        if (!isPossible)
            yield return new(nameof(RejectedWithoutReason), $"A good secret was called {call.Code}.", call, issue);
    }

    /// <summary>
    /// Every secret of a revoked key is called revoked, whatever else it is; but one whose hash may be erased, which is unknown.
    /// </summary>
    private static IEnumerable<Violation> OtherReasonThanRevoked(KeyHistory key, RecordedCall call)
    {
        if (call.Code is "disabled" or "expired_secret" && key.FindRevocationBefore(call.Start) is { } revocation)
            yield return new(nameof(OtherReasonThanRevoked), $"A secret of a revoked key was called {call.Code}.", call, revocation);
    }
}
