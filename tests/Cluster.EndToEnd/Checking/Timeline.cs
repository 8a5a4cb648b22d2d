using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// The states of one owner in the order of their events, and when each may have been current. The events decide whether
/// a change of unknown outcome took effect; the responses bound when it did.
/// </summary>
internal sealed class Timeline
{
    /// <summary>
    /// A change with a later end is not awaited: by then, every cache has applied the event log or has no lease. Also
    /// the time after which a change must be in every cache although no response confirmed it.
    /// </summary>
    public static readonly TimeSpan MaxPropagation = TimeSpan.FromMinutes(3);

    /// <summary>The duration of the lease of a silo (<c>Cluster:LeaseDuration</c>).</summary>
    private static readonly TimeSpan SiloLease = TimeSpan.FromSeconds(5);

    private readonly List<Step> _steps;

    public Timeline(
        string owner,
        IEnumerable<RecordedCall> calls,
        IEnumerable<OwnerEvent> events,
        IReadOnlyDictionary<string, RecordedCall> callsByRequest,
        TimeSpan maxClockTolerance)
    {
        Owner = owner;
        Calls = [.. calls.OrderBy(call => call.Start.Ticks)];
        _steps =
        [
            .. events.OrderBy(entry => entry.Number ?? long.MaxValue).Select(entry => new Step(
                entry, entry.RequestId is { } id ? callsByRequest.GetValueOrDefault(id) : null)),
        ];
        StepsByRequest = _steps.Where(step => step.Event.RequestId is not null)
            .ToLookup(step => step.Event.RequestId!);
        MaxClockTolerance = maxClockTolerance;
        SetEarliest();
        SetLatest();
        SetInvalidated();
    }

    public string Owner { get; }

    /// <summary>The calls of the owner, by their starts.</summary>
    public IReadOnlyList<RecordedCall> Calls { get; }

    public IReadOnlyList<Step> Steps => _steps;

    public ILookup<string, Step> StepsByRequest { get; }

    /// <summary>How far the clock of some silo may have been off at any time of the run.</summary>
    public TimeSpan MaxClockTolerance { get; }

    /// <summary>Returns the steps whose states a call may have observed or decided on.</summary>
    public IEnumerable<Step> GetPossible(RecordedCall call) =>
        GetRange(LastCommittedBefore(call.Start), LastPossibleBefore(call.End));

    /// <summary>Returns the steps by whose states a cache may have accepted a secret.</summary>
    public IEnumerable<Step> GetAcceptable(RecordedCall call) =>
        GetRange(LastInvalidatedBefore(call.Start), LastPossibleBefore(call.End));

    /// <summary>
    /// Returns the steps whose states a read may show. A silo that its peers have declared dead reads from its cache
    /// until it applies the event log or loses its lease. A read may therefore lack a change that no cache waits for.
    /// </summary>
    public IEnumerable<Step> GetReadable(RecordedCall call) => GetRange(
        Math.Max(LastInvalidatedBefore(call.Start), LastCommittedBefore(call.Start + -SiloLease)),
        LastPossibleBefore(call.End));

    /// <summary>Returns the last step that had certainly taken effect before a moment; null for none.</summary>
    public Step? FindLastCommittedBefore(Moment moment) => Find(LastCommittedBefore(moment));

    /// <summary>Returns the last step that every cache knew before a moment; null for none.</summary>
    public Step? FindLastInvalidatedBefore(Moment moment) => Find(LastInvalidatedBefore(moment));

    /// <summary>Returns the state before a step; null before the first one.</summary>
    public OwnerState? GetBefore(int index) => index == 0 ? null : _steps[index - 1].After;

    private Step? Find(int index) => index < 0 ? null : _steps[index];

    private IEnumerable<Step> GetRange(int first, int last)
    {
        for (var index = Math.Max(first, 0); index <= last; index++) yield return _steps[index];
    }

    private int LastPossibleBefore(Moment moment) => FindLast(step => step.Earliest < moment);

    private int LastCommittedBefore(Moment moment) => FindLast(step => step.Latest < moment);

    private int LastInvalidatedBefore(Moment moment) => FindLast(step => step.Invalidated < moment);

    /// <summary>Returns the index of the last step that fulfils a condition, which no step after it does.</summary>
    private int FindLast(Predicate<Step> condition)
    {
        var (low, high) = (0, _steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (condition(_steps[middle])) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>No event commits before the start of its call, or before the event with the number before it.</summary>
    private void SetEarliest()
    {
        if (Calls.Count == 0) return;
        var earliest = Calls[0].Start;
        foreach (var step in _steps)
        {
            var own = step.Call?.Start ?? Calls[0].Start.At(step.Event.At - MaxClockTolerance);
            step.Earliest = earliest = Moment.Max(earliest, own);
        }
    }

    /// <summary>An event has committed when a response shows its revision or a later event.</summary>
    private void SetLatest()
    {
        var shown = GetFirstEnds(Calls.Where(call => call is { Outcome: Outcome.Done, View: not null }));
        Moment? latest = null;
        foreach (var step in Enumerable.Reverse(_steps))
        {
            // A front end may have sent the call twice. The second one is a replay, also after the response.
            if (step.Call is { Outcome: Outcome.Done } call && step.Event.Type != EventType.Replayed)
                latest = Min(latest, call.End);
            if (!EventType.KeepsRevision(step.Event.Type)) latest = Min(latest, shown(step.After.Revision));
            step.Latest = latest;
        }
    }

    private void SetInvalidated()
    {
        var awaited = GetFirstEnds(Calls.Where(Invalidates));
        var own = _steps.Where(step => step.Call is { } call && Invalidates(call))
            .ToDictionary(step => step, step => step.Call!.End);
        Moment? invalidated = null;
        foreach (var step in Enumerable.Reverse(_steps))
        {
            // A cache keeps its entry until the revision changes.
            if (!EventType.KeepsRevision(step.Event.Type))
            {
                if (own.TryGetValue(step, out var end)) invalidated = Min(invalidated, end);
                invalidated = Min(invalidated, awaited(step.After.Revision));
                if (step.Latest is { } latest) invalidated = Min(invalidated, latest + MaxPropagation);
            }

            step.Invalidated = invalidated;
        }
    }

    /// <summary>Returns whether a call returned only after it had invalidated every cache.</summary>
    private bool Invalidates(RecordedCall call)
    {
        if (call.Outcome != Outcome.Done) return false;
        return call.Kind switch
        {
            CallKind.Revoke or CallKind.Disable or CallKind.ExpireOne or CallKind.ExpireAll => true,
            CallKind.Rotate => call.Grace < MaxPropagation
                || StepsByRequest[call.RequestId].Any(step => step.Event.Type == EventType.Replayed),
            CallKind.ChangeDeadline or CallKind.Update => EndsEarlier(call),
            _ => false,
        };
    }

    /// <summary>Returns whether a call certainly set an end that is not later, and within minutes.</summary>
    private bool EndsEarlier(RecordedCall call)
    {
        if (call.RequestedEnd is not { } end || end - call.Start.WallClock >= MaxPropagation) return false;
        var index = _steps.FindIndex(step => step.Event.RequestId == call.RequestId);
        if (index < 0) return true;
        if (GetBefore(index) is not { } before) return false;
        var current = call.Kind == CallKind.Update
            ? before.ExpiresAt
            : before.Secrets.GetValueOrDefault(call.Secret!)?.Deadline;
        return current is null || end <= current;
    }

    /// <summary>Returns a function of a revision: when the first call ended that shows it or a later one.</summary>
    private static Func<long, Moment?> GetFirstEnds(IEnumerable<RecordedCall> calls)
    {
        var ends = new List<(long Revision, Moment End)>();
        foreach (var call in calls.Where(call => call.View?.Revision is not null)
            .OrderByDescending(call => call.View!.Revision).ThenBy(call => call.End.Ticks))
        {
            if (ends.Count == 0 || call.End < ends[^1].End) ends.Add((call.View!.Revision!.Value, call.End));
        }

        return revision => ends.FindLastIndex(entry => entry.Revision >= revision) is >= 0 and var index
            ? ends[index].End
            : null;
    }

    private static Moment? Min(Moment? left, Moment? right) =>
        left is { } first && (right is not { } second || first < second) ? left : right;
}
