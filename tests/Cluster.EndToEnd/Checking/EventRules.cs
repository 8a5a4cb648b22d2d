using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The rules of the events of one owner.</summary>
internal static class EventRules
{
    public static IEnumerable<Violation> Check(Timeline owner)
    {
        for (var index = 0; index < owner.Steps.Count; index++)
        {
            var step = owner.Steps[index];
            var violations = CheckSequence(owner, index)
                .Concat(CheckCall(owner, step))
                .Concat(CheckOrder(owner, step))
                .Concat(CheckChange(owner, index));
            foreach (var violation in violations) yield return violation;
        }
    }

    /// <summary>Numbers start at 1 and have no gaps; a revision increases by one with each visible change.</summary>
    private static IEnumerable<Violation> CheckSequence(Timeline owner, int index)
    {
        var step = owner.Steps[index];
        if (step.Event.Number != index + 1)
        {
            yield return Create(
                RuleNames.EventsIncomplete, $"The number of {step.Event} is not {index + 1}.", owner, step);
        }

        var revision = (owner.GetBefore(index)?.Revision ?? 0) + (EventType.KeepsRevision(step.Event.Type) ? 0 : 1);
        if (step.After.Revision != revision)
        {
            yield return Create(
                RuleNames.EventsIncomplete, $"The revision of {step.Event} is not {revision}.", owner, step);
        }

        if (step.Event.Inconsistency is { } inconsistency)
        {
            yield return Create(
                RuleNames.EventsIncomplete, $"The old value of {inconsistency} in {step.Event} is wrong.", owner, step);
        }
    }

    /// <summary>Each event other than one of the system belongs to one call, of its owner and type.</summary>
    private static IEnumerable<Violation> CheckCall(Timeline owner, Step step)
    {
        if (step.Event.RequestId is null && EventType.IsSystemEvent(step.Event.Type)) yield break;
        if (step.Call is not { } call)
        {
            yield return Create(RuleNames.UnrequestedChange, $"No call requested {step.Event}.", owner, step);
            yield break;
        }

        var isReplay = step.Event.Type == EventType.Replayed && call.Operation is not null;
        var isOfOwner = call.Key == owner.Owner || call is { Kind: CallKind.Create, View: null };
        if (!isOfOwner || !(isReplay || step.Event.Type == EventType.FromCallKind(call.Kind)))
            yield return Create(RuleNames.WrongEvent, $"The call does not fit {step.Event}.", owner, step);

        var first = owner.StepsByRequest[call.RequestId]
            .First(other => isReplay || other.Event.Type != EventType.Replayed);
        if (!isReplay && first != step)
            yield return Create(RuleNames.WrongEvent, $"The call has {first.Event} and {step.Event}.", owner, step);

        // Orleans may run a forwarded call twice. The second run finds no retiring secret.
        if (call.Outcome == Outcome.Refused && call.Code != "retiring_secret_not_found")
            yield return Create(RuleNames.RefusedButApplied, $"A refused call has {step.Event}.", owner, step);
    }

    /// <summary>Events are numbered in an order that the calls permit, and have times within their calls.</summary>
    private static IEnumerable<Violation> CheckOrder(Timeline owner, Step step)
    {
        if (step.Latest < step.Earliest)
        {
            yield return Create(
                RuleNames.EventsOutOfOrder, $"A response proves a later change than {step.Event}.", owner, step);
        }

        // The service truncates times to milliseconds.
        var tolerance = owner.MaxClockTolerance + TimeSpan.FromMilliseconds(1);
        var isTooEarly = step.Call is { } call && step.Event.At < call.Start.WallClock - tolerance;
        if (isTooEarly || step.Event.At > step.Latest?.WallClock + tolerance)
        {
            yield return Create(
                RuleNames.EventsOutOfOrder, $"The time of {step.Event} is not that of its call.", owner, step);
        }
    }

    private static IEnumerable<Violation> CheckChange(Timeline owner, int index)
    {
        var step = owner.Steps[index];
        if (TransitionRules.FindFault(owner.GetBefore(index), step.Event, step.Call) is { } fault)
            yield return Create(RuleNames.WrongChange, $"{fault}, in {step.Event}.", owner, step);
    }

    private static Violation Create(string rule, string message, Timeline owner, Step step) =>
        new(rule, message, step.Call ?? owner.Calls[0]);
}
