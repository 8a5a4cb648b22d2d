using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// What the calls of one key tell about it: what is certain, and what is possible. A change that was answered with success
/// took effect between its start and its end; one of unknown outcome at any time after its start, or never; a refused one
/// never. Calls under one idempotency key are one change, which began with the first of them.
/// </summary>
internal sealed class KeyHistory
{
    private readonly ILookup<CallKind, RecordedCall> _calls;
    private readonly List<RecordedCall> _rotations;
    private readonly Dictionary<string, RecordedCall> _issuances = [];
    private readonly Dictionary<string, (DateTimeOffset Deadline, RecordedCall Rotation)> _deadlines = [];

    public KeyHistory(IEnumerable<RecordedCall> calls)
    {
        Calls = [.. calls.OrderBy(call => call.Start.Ticks)];
        _calls = Calls.ToLookup(call => call.Kind);
        _rotations = [.. GetChanges(CallKind.Rotate)];
        foreach (var issue in Calls.Where(call => call is { Kind: CallKind.Create or CallKind.Rotate, Outcome: Outcome.Done })
            .OrderBy(call => call.End.Ticks))
        {
            _issuances.TryAdd(issue.View!.Secret, issue);
        }

        foreach (var rotation in _rotations.Where(call => call.Outcome == Outcome.Done))
        {
            foreach (var (secret, deadline) in rotation.View!.Retiring) _deadlines.TryAdd(secret, (deadline, rotation));
        }
    }

    public IReadOnlyList<RecordedCall> Calls { get; }

    /// <summary>The secrets that an answer handed out, each with the first answer that did.</summary>
    public IReadOnlyDictionary<string, RecordedCall> Issuances => _issuances;

    /// <summary>The calls of a kind, a repeated change as one that lasts from the first attempt to the first answer.</summary>
    public IEnumerable<RecordedCall> GetChanges(CallKind kind)
    {
        foreach (var attempts in _calls[kind].GroupBy(call => call.Operation ?? $"{call.Start.Ticks} {call.Node}"))
        {
            var first = attempts.First();
            if (attempts.Where(call => call.Outcome == Outcome.Done).MinBy(call => call.End.Ticks) is { } done)
                yield return done with { Start = first.Start };
            else if (attempts.FirstOrDefault(call => call.Outcome == Outcome.Unknown) is { } unknown)
                yield return unknown;
        }
    }

    /// <summary>The deadline of a replaced secret, as the answer to a rotation told it; null when none did.</summary>
    public DateTimeOffset? GetDeadline(string secret) => _deadlines.TryGetValue(secret, out var known) ? known.Deadline : null;

    /// <summary>The call that certainly ended a secret for good before a validation began; null when none is certain to have.</summary>
    public RecordedCall? FindInvalidationBefore(string secret, Moment moment)
    {
        if (_calls[CallKind.Revoke].FirstOrDefault(call => call.HadTakenEffectBy(moment)) is { } revocation) return revocation;
        if (_deadlines.TryGetValue(secret, out var known) && known.Rotation.End < moment && known.Deadline <= moment.WallClock)
            return known.Rotation;
        if (_calls[CallKind.CutOne].FirstOrDefault(call => call.Secret == secret && call.HadTakenEffectBy(moment)) is { } cut)
            return cut;
        if (!_issuances.TryGetValue(secret, out var issue)) return null;

        // A rotation that came after the secret either shows it as retiring or has ended it.
        var replaced = _rotations.Where(call =>
            call.HadTakenEffectBy(moment) && issue.End < call.Start && call.View!.Secret != secret).ToList();
        if (replaced.FirstOrDefault(call => !call.View!.Retiring.ContainsKey(secret)) is { } rotation) return rotation;
        return _calls[CallKind.CutAll].FirstOrDefault(call =>
            call.HadTakenEffectBy(moment) && replaced.Any(rotation => rotation.End < call.Start));
    }

    /// <summary>The disabling that certainly holds throughout a call; null when none does for certain.</summary>
    public RecordedCall? FindDisableThroughout(RecordedCall call) => _calls[CallKind.Disable].FirstOrDefault(disabling =>
        disabling.HadTakenEffectBy(call.Start)
        && !_calls[CallKind.Enable].Any(enabling =>
            enabling.MayHaveTakenEffectBy(call.End) && !enabling.HadTakenEffectBy(disabling.Start)));

    /// <summary>Whether the key may be disabled at some moment of a call.</summary>
    public bool MayBeDisabledDuring(RecordedCall call) => _calls[CallKind.Disable].Any(disabling =>
        disabling.MayHaveTakenEffectBy(call.End)
        && !_calls[CallKind.Enable].Any(enabling =>
            disabling.HadTakenEffectBy(enabling.Start) && enabling.HadTakenEffectBy(call.Start)));

    public RecordedCall? FindRevocationBefore(Moment moment) => _calls[CallKind.Revoke].FirstOrDefault(call => call.HadTakenEffectBy(moment));

    public bool MayBeRevokedBy(Moment moment) => _calls[CallKind.Revoke].Any(call => call.MayHaveTakenEffectBy(moment));

    /// <summary>Whether a secret may have ended by a moment in another way than by a revocation: by its deadline or by a cut.</summary>
    public bool MayHaveExpiredBy(string secret, Moment moment)
    {
        // That nothing is found to cut may be the answer to a cut that was sent on twice on its way.
        if (_calls[CallKind.CutOne].Any(call => call.Secret == secret && call.Start < moment && (
            call.Outcome != Outcome.Refused || call.Code == "retiring_secret_not_found"))) return true;

        var replacements = _rotations.Where(call =>
            call.MayHaveTakenEffectBy(moment) && call.View?.Secret != secret && !CompletedBeforeIssuance(call, secret)).ToList();
        if (replacements.Count > 0 && _calls[CallKind.CutAll].Any(call => call.MayHaveTakenEffectBy(moment))) return true;
        return GetDeadline(secret) is { } deadline
            ? deadline <= moment.WallClock
            : replacements.Any(call => TruncateToMilliseconds(call.Start.WallClock) + call.Grace <= moment.WallClock);
    }

    /// <summary>A rotation that was answered before a secret's own rotation began replaced another secret.</summary>
    private bool CompletedBeforeIssuance(RecordedCall rotation, string secret) =>
        _issuances.TryGetValue(secret, out var issue) && rotation.HadTakenEffectBy(GetFirstAttemptStart(issue));

    private Moment GetFirstAttemptStart(RecordedCall issue) => issue.Operation is null
        ? issue.Start
        : Calls.First(call => call.Operation == issue.Operation).Start;

    /// <summary>The service tells time in whole milliseconds.</summary>
    private static DateTimeOffset TruncateToMilliseconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), time.Offset);
}
