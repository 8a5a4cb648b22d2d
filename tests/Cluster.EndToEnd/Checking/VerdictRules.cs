using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of validations that returned a verdict, and of the authentication of API keys.</summary>
internal static class VerdictRules
{
    public static IEnumerable<Violation> Check(Timeline owner, RecordedCall call) =>
        call.IsAccepted ? CheckAccepted(owner, call) : CheckRejected(owner, call);

    /// <summary>
    /// A secret is accepted only by a state that no cache had to drop before the validation started, and before its
    /// deadline in that state. The verdict shows the code and the deadline of that state.
    /// </summary>
    private static IEnumerable<Violation> CheckAccepted(Timeline owner, RecordedCall call)
    {
        // The clock of the process is read after the start of the call, so no later time is needed.
        var at = ReadRules.Truncate(call.Start.WallClock - call.ClockTolerance);
        var accepting = owner.GetAcceptable(call)
            .Where(step => VerdictCodes.IsAccepting(step.After.Evaluate(call, at)))
            .ToList();
        if (accepting.Count == 0)
        {
            yield return new(
                RuleNames.AcceptedAfterInvalidation,
                $"A secret was accepted that a response or its end had made invalid: {Describe(owner, call)}.",
                call,
                owner.FindLastInvalidatedBefore(call.Start)?.Call);
        }
        else if (call.Kind == CallKind.Validate && !accepting.Exists(step => Shows(call, step.After, at)))
        {
            yield return new(
                RuleNames.VerdictMismatch,
                $"No state has the verdict {call.Code} until {call.ValidUntil:O}.",
                call,
                accepting[^1].Call);
        }
    }

    private static string Describe(Timeline owner, RecordedCall call)
    {
        var at = call.Start.WallClock;
        var verdicts = owner.GetAcceptable(call)
            .Select(step => $"{step.After.Evaluate(call, at)} in revision {step.After.Revision}");
        return string.Join(", ", verdicts);
    }

    private static bool Shows(RecordedCall call, OwnerState state, DateTimeOffset at)
    {
        var code = state.Evaluate(call, at);
        var deadline = code == VerdictCodes.Retiring ? state.Secrets[call.Secret!].Deadline : null;
        return code == call.Code && deadline == call.ValidUntil;
    }

    /// <summary>
    /// After the response that issued it, a secret is rejected only for a reason in a state that was current during the
    /// call: a cache does not prove a rejection. Only an expired secret stays one, so a cache may still say so when the
    /// secret has been erased, or the key revoked.
    /// </summary>
    private static IEnumerable<Violation> CheckRejected(Timeline owner, RecordedCall call)
    {
        if (owner.FindLastCommittedBefore(call.Start) is not { } committed) yield break;
        var issuance = owner.Steps.FirstOrDefault(
            step => call.Secret is not { } secret || step.After.Secrets.ContainsKey(secret));
        if (issuance is null || committed.Event.Number < issuance.Event.Number) yield break;

        var codes = GetCodes(owner.GetPossible(call), call).ToHashSet();
        var isPossible = call switch
        {
            { Kind: CallKind.Authenticate, Code: VerdictCodes.ProjectDisabled } =>
                codes.Contains(VerdictCodes.Disabled),
            { Kind: CallKind.Authenticate } => codes.Overlaps([VerdictCodes.NotFound, VerdictCodes.ExpiredSecret]),
            _ => codes.Contains(call.Code!) || IsFinal(owner, call, codes),
        };
        if (isPossible) yield break;

        var isRejectable = codes.Any(code => !VerdictCodes.IsAccepting(code));
        yield return isRejectable
            ? new(
                RuleNames.WrongRejectionCode,
                $"A secret was rejected as {call.Code} instead of {string.Join(" or ", codes)}.",
                call,
                committed.Call)
            : new(
                RuleNames.RejectedWithoutReason, $"A valid secret was rejected as {call.Code}.", call, issuance.Call);
    }

    private static bool IsFinal(Timeline owner, RecordedCall call, HashSet<string> codes) =>
        call.Code == VerdictCodes.ExpiredSecret
        && codes.Overlaps([VerdictCodes.NotFound, VerdictCodes.Revoked])
        && GetCodes(owner.GetAcceptable(call), call).Contains(VerdictCodes.ExpiredSecret);

    /// <summary>Returns the codes that a secret has in some states at some time of a call.</summary>
    private static IEnumerable<string> GetCodes(IEnumerable<Step> steps, RecordedCall call)
    {
        var from = ReadRules.Truncate(call.Start.WallClock - call.ClockTolerance);
        var to = call.End.WallClock + call.ClockTolerance;
        return steps.SelectMany(step => step.After.GetTransitions(call.Secret ?? "", from, to)
            .Select(at => step.After.Evaluate(call, at)));
    }
}
