using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Derives from the calls of one key what is certain and what is possible. An acknowledged change took effect between
/// its start and its end. A change of unknown outcome took effect at any time after its start, or never. A refused
/// change had no effect. Calls with the same idempotency key are one change, which started with the first of them.
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
        var issuances = Calls
            .Where(call => call is { Kind: CallKind.Create or CallKind.Rotate, Outcome: Outcome.Done })
            .OrderBy(call => call.End.Ticks);
        foreach (var issuance in issuances) _issuances.TryAdd(issuance.View!.Secret, issuance);

        foreach (var rotation in _rotations.Where(call => call.Outcome == Outcome.Done))
        {
            foreach (var (secret, deadline) in rotation.View!.Retiring)
                _deadlines.TryAdd(secret, (deadline, rotation));
        }
    }

    public IReadOnlyList<RecordedCall> Calls { get; }

    /// <summary>The first call that returned each secret, by the id of the secret.</summary>
    public IReadOnlyDictionary<string, RecordedCall> Issuances => _issuances;

    /// <summary>
    /// Returns the calls of a kind. A repeated change is one call, from the start of the first attempt to the first
    /// response.
    /// </summary>
    public IEnumerable<RecordedCall> GetChanges(CallKind kind)
    {
        foreach (var attempts in _calls[kind].GroupBy(call => call.Operation ?? $"{call.Start.Ticks} {call.Target}"))
        {
            var first = attempts.First();
            if (attempts.Where(call => call.Outcome == Outcome.Done).MinBy(call => call.End.Ticks) is { } done)
                yield return done with { Start = first.Start };
            else if (attempts.FirstOrDefault(call => call.Outcome == Outcome.Unknown) is { } unknown)
                yield return unknown;
        }
    }

    /// <summary>
    /// Returns the deadline of a replaced secret from the response to a rotation; null when there was none.
    /// </summary>
    public DateTimeOffset? GetDeadline(string secret) =>
        _deadlines.TryGetValue(secret, out var found) ? found.Deadline : null;

    /// <summary>
    /// Returns a call that certainly made a secret permanently invalid before a moment; null when there is none.
    /// </summary>
    public RecordedCall? FindInvalidationBefore(string secret, Moment moment)
    {
        if (FindRevocationBefore(moment) is { } revocation) return revocation;
        if (_deadlines.TryGetValue(secret, out var retired)
            && retired.Rotation.End < moment
            && retired.Deadline <= moment.WallClock)
        {
            return retired.Rotation;
        }

        var expiry = _calls[CallKind.ExpireOne].FirstOrDefault(
            call => call.Secret == secret && call.HadTakenEffectBy(moment));
        if (expiry is not null) return expiry;
        if (!_issuances.TryGetValue(secret, out var issuance)) return null;

        // A rotation after the secret either returned it as retiring or expired it.
        var replacements = _rotations
            .Where(call => call.HadTakenEffectBy(moment) && issuance.End < call.Start && call.View!.Secret != secret)
            .ToList();
        return replacements.Find(call => !call.View!.Retiring.ContainsKey(secret))
            ?? _calls[CallKind.ExpireAll].FirstOrDefault(call =>
                call.HadTakenEffectBy(moment) && replacements.Exists(rotation => rotation.End < call.Start));
    }

    /// <summary>
    /// Returns a call that certainly kept the key disabled during another call; null when there is none.
    /// </summary>
    public RecordedCall? FindDisableThroughout(RecordedCall call) =>
        _calls[CallKind.Disable].FirstOrDefault(disabling =>
            disabling.HadTakenEffectBy(call.Start)
            && !_calls[CallKind.Enable].Any(enabling =>
                enabling.MayHaveTakenEffectBy(call.End) && !enabling.HadTakenEffectBy(disabling.Start)));

    /// <summary>Returns whether the key may have been disabled at any time during a call.</summary>
    public bool MayBeDisabledDuring(RecordedCall call) => _calls[CallKind.Disable].Any(disabling =>
        disabling.MayHaveTakenEffectBy(call.End)
        && !_calls[CallKind.Enable].Any(enabling =>
            disabling.HadTakenEffectBy(enabling.Start) && enabling.HadTakenEffectBy(call.Start)));

    public RecordedCall? FindRevocationBefore(Moment moment) =>
        _calls[CallKind.Revoke].FirstOrDefault(call => call.HadTakenEffectBy(moment));

    public bool MayBeRevokedBy(Moment moment) => _calls[CallKind.Revoke].Any(call => call.MayHaveTakenEffectBy(moment));

    /// <summary>Returns whether a secret may have expired by a moment, by its deadline or by a call.</summary>
    public bool MayHaveExpiredBy(string secret, Moment moment)
    {
        // Orleans may run a forwarded call twice. The second run finds no retiring secret.
        if (_calls[CallKind.ExpireOne].Any(call => call.Secret == secret && call.Start < moment && (
            call.Outcome != Outcome.Refused || call.Code == "retiring_secret_not_found"))) return true;

        var replacements = _rotations
            .Where(call => call.MayHaveTakenEffectBy(moment)
                && call.View?.Secret != secret
                && !CompletedBeforeIssuance(call, secret))
            .ToList();
        if (replacements.Count > 0 && _calls[CallKind.ExpireAll].Any(call => call.MayHaveTakenEffectBy(moment)))
            return true;
        return GetDeadline(secret) is { } deadline
            ? deadline <= moment.WallClock
            : replacements.Exists(
                call => TruncateToMilliseconds(call.Start.WallClock) + call.Grace <= moment.WallClock);
    }

    /// <summary>
    /// Returns whether a rotation ended before the one that issued a secret started. It then replaced another secret.
    /// </summary>
    private bool CompletedBeforeIssuance(RecordedCall rotation, string secret) =>
        _issuances.TryGetValue(secret, out var issuance) && rotation.HadTakenEffectBy(GetFirstAttemptStart(issuance));

    private Moment GetFirstAttemptStart(RecordedCall issuance) => issuance.Operation is null
        ? issuance.Start
        : Calls.First(call => call.Operation == issuance.Operation).Start;

    /// <summary>
    /// The service truncates all times to milliseconds. The checker does not use the code of the service.
    /// </summary>
    private static DateTimeOffset TruncateToMilliseconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), time.Offset);
}
