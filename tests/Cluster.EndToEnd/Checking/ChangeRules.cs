using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of changes that were acknowledged.</summary>
internal static class ChangeRules
{
    public static IEnumerable<Violation> Check(Timeline owner, RecordedCall call) =>
        [.. CheckEvent(owner, call), .. CheckResponse(owner, call)];

    /// <summary>
    /// An acknowledged change has its event. Without one, it must have found a state in which it changes nothing.
    /// </summary>
    private static IEnumerable<Violation> CheckEvent(Timeline owner, RecordedCall call)
    {
        if (owner.StepsByRequest[call.RequestId].Any()) yield break;
        if (owner.GetPossible(call).Any(step => ChangesNothing(call, step.After))) yield break;
        yield return new(RuleNames.ChangeLost, "An acknowledged change has no event.", call);
    }

    private static bool ChangesNothing(RecordedCall call, OwnerState state) => call.Kind switch
    {
        CallKind.Revoke => state.IsRevoked,
        CallKind.Disable => state.IsDisabled,
        CallKind.Enable => !state.IsDisabled,
        CallKind.ExpireAll => state.Secrets.All(secret => secret.Key == state.Current || secret.Value.IsExpired),
        CallKind.ChangeDeadline => state.Secrets.GetValueOrDefault(call.Secret!)?.Deadline == call.RequestedEnd,
        CallKind.Update => state.ExpiresAt == call.RequestedEnd,
        CallKind.SetPermission => state.HasPermission == call.GivesPermission,
        _ => false,
    };

    /// <summary>The response shows the state after the change, not a later one.</summary>
    private static IEnumerable<Violation> CheckResponse(Timeline owner, RecordedCall call)
    {
        if (call.View is not { } view) yield break;
        var own = owner.StepsByRequest[call.RequestId].ToList();
        var possible = own.Count > 0 ? own : owner.GetPossible(call);
        if (!ReadRules.IsShown(possible, view, call))
            yield return new(RuleNames.WrongRead, "The response does not show the state after the change.", call);
        if (call.IssuedSecret is { } issued && own is [var first, ..] && first.Event.Secret != issued)
            yield return new(RuleNames.WrongRead, "The response contains another secret than the event.", call);
    }
}
