using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// The rules of reads and lists. A list shows a state that was current at some time of the call, and so every change
/// that was acknowledged, or that another response had shown, before it started. A read also does so for changes that
/// take validity away, and for others after the duration of a lease. The events are complete, so this is also the rule
/// that the final state contains every acknowledged change.
/// </summary>
internal static class ReadRules
{
    public static IEnumerable<Violation> Check(Timeline owner, RecordedCall call)
    {
        if (call.View is not { } view)
        {
            yield return new(RuleNames.StaleRead, "A key that was created earlier is not in the list.", call);
            yield break;
        }

        var steps = call.Kind == CallKind.List ? owner.GetPossible(call) : owner.GetReadable(call);
        if (IsShown(steps, view, call)) yield break;
        yield return IsShown(owner.Steps, view, call)
            ? new(
                RuleNames.StaleRead,
                "The response shows a state from before a change that had been acknowledged.",
                call,
                owner.FindLastCommittedBefore(call.Start)?.Call)
            : new(RuleNames.WrongRead, "The response shows a state that never existed.", call);
    }

    /// <summary>Returns whether a response shows the state of one of several steps.</summary>
    public static bool IsShown(IEnumerable<Step> steps, KeyView view, RecordedCall call)
    {
        var from = Truncate(call.Start.WallClock - call.ClockTolerance);
        var to = call.End.WallClock + call.ClockTolerance;
        return steps.Any(step => step.After.IsShownBy(view, from, to));
    }

    /// <summary>The service truncates the current time to milliseconds.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), time.Offset);
}
