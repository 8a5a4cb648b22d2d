using System.Collections.Immutable;
using System.Globalization;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Builds the history of one key. All times are in seconds. The key is created from second 0 to second 1, with the
/// secret <c>a</c>. A change takes effect at its start, in the order of the calls here; its event and its response are
/// those of a correct service, until a test replaces them.
/// </summary>
internal sealed class HistoryBuilder
{
    private const string Key = "vk";

    private static readonly DateTimeOffset StartTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<RecordedCall> _calls = [];
    private readonly List<OwnerEvent> _events = [];
    private OwnerState _state = new() { Revision = 0, Current = "", Secrets = [] };

    public HistoryBuilder()
    {
        var call = NewCall(CallKind.Create, 0, 1, 201);
        Apply(call, EventType.Created, "a", _state with { Current = "a", Secrets = _state.Secrets.Add("a", new()) });
        Add(call with { IssuedSecret = "a" });
    }

    public IReadOnlyList<string> ViolatedRules =>
        [.. Checker.Check(_calls, _events).Select(violation => violation.Rule).Distinct()];

    /// <summary>Rotates the key. A repeated operation that took effect before is replayed.</summary>
    /// <param name="start">The start of the call.</param>
    /// <param name="end">The end of the call.</param>
    /// <param name="grace">The grace period of the replaced secret.</param>
    /// <param name="secret">The id of the new secret.</param>
    /// <param name="operation">The idempotency key.</param>
    /// <param name="status">The status of the response; null for none.</param>
    /// <param name="isApplied">Whether a call of unknown outcome took effect.</param>
    public HistoryBuilder Rotate(
        double start,
        double end,
        double grace,
        string secret,
        string? operation = null,
        int? status = 200,
        bool isApplied = true)
    {
        var call = NewCall(CallKind.Rotate, start, end, status) with
        {
            Grace = TimeSpan.FromSeconds(grace),
            Operation = operation,
            IssuedSecret = status == 200 ? secret : null,
        };
        if (_events.Exists(entry => entry.Secret == secret)) Apply(call, EventType.Replayed, secret, _state);
        else if (isApplied) Apply(call, EventType.Rotated, secret, Rotate(secret, TimeAt(start), call.Grace));
        return Add(call);
    }

    public HistoryBuilder Validate(
        string secret, double start, double end, string code, double? until = null, bool needsPermission = false)
    {
        var deadline = code == VerdictCodes.Retiring ? _state.Secrets.GetValueOrDefault(secret)?.Deadline : null;
        return Add(NewCall(CallKind.Validate, start, end, 200) with
        {
            Secret = secret,
            Code = code,
            ValidUntil = until is { } second ? TimeAt(second) : deadline,
            NeedsPermission = needsPermission,
        });
    }

    /// <summary>Validates a virtual key of the project.</summary>
    public HistoryBuilder ValidateMember(double start, double end, string code) =>
        Add(NewCall(CallKind.ValidateMember, start, end, 200) with { Code = code });

    public HistoryBuilder SetPermission(double start, double end, bool gives, int? status = 200)
    {
        var call = NewCall(CallKind.SetPermission, start, end, status) with { GivesPermission = gives };
        if (call.Outcome == Outcome.Done) ApplyChange(call, TimeAt(start));
        return Add(call);
    }

    public HistoryBuilder Authenticate(string secret, double start, double end, int status) => Add(
        NewCall(CallKind.Authenticate, start, end, status) with
        {
            Secret = secret,
            Code = status switch { 401 => "unauthorized", 403 => "project_disabled", _ => null },
        });

    /// <summary>Changes the key. A change that finds the key changed already has no event.</summary>
    /// <param name="kind">The kind of the call.</param>
    /// <param name="start">The start of the call.</param>
    /// <param name="end">The end of the call.</param>
    /// <param name="status">The status of the response; null for none.</param>
    /// <param name="secret">The secret that is expired, or whose deadline is changed.</param>
    /// <param name="code">The code of a refusal.</param>
    /// <param name="until">The new deadline or expiry.</param>
    /// <param name="isApplied">Whether a call of unknown outcome took effect.</param>
    public HistoryBuilder Change(
        CallKind kind,
        double start,
        double end,
        int? status = 200,
        string? secret = null,
        string? code = null,
        double? until = null,
        bool isApplied = false)
    {
        var call = NewCall(kind, start, end, status) with
        {
            Secret = secret,
            Code = code,
            RequestedEnd = until is { } second ? TimeAt(second) : null,
        };
        if (isApplied || call.Outcome == Outcome.Done) ApplyChange(call, TimeAt(start));
        return Add(call);
    }

    /// <summary>Erases a secret.</summary>
    public HistoryBuilder Erase(string secret, double at)
    {
        Apply(null, EventType.Erased, secret, _state with { Secrets = _state.Secrets.Remove(secret) }, TimeAt(at));
        return this;
    }

    /// <summary>Reads the key, which shows the current state or another one.</summary>
    public HistoryBuilder Read(double start, double end, KeyView? view = null, CallKind kind = CallKind.Read) =>
        Add(NewCall(kind, start, end, 200) with { View = view ?? GetView(TimeAt(start)) });

    /// <summary>Lists the keys of the project, without this one.</summary>
    public HistoryBuilder ListWithoutKey(double start, double end) => Add(NewCall(CallKind.List, start, end, 200));

    /// <summary>Removes the last event, as if the change had been lost.</summary>
    public HistoryBuilder LoseLastEvent()
    {
        _events.RemoveAt(_events.Count - 1);
        return this;
    }

    /// <summary>Replaces the last event.</summary>
    public HistoryBuilder WithLastEvent(Func<OwnerEvent, OwnerEvent> replace)
    {
        _events[^1] = replace(_events[^1]);
        _state = _events[^1].After;
        return this;
    }

    /// <summary>Replaces a secret in the state after the last event.</summary>
    public HistoryBuilder WithLastSecret(string secret, SecretRecord record) => WithLastEvent(entry =>
        entry with { After = entry.After with { Secrets = entry.After.Secrets.SetItem(secret, record) } });

    /// <summary>Replaces the last call.</summary>
    public HistoryBuilder WithLastCall(Func<RecordedCall, RecordedCall> replace)
    {
        _calls[^1] = replace(_calls[^1]);
        return this;
    }

    /// <summary>Returns the view of the current state at a time.</summary>
    public KeyView GetView(double at) => GetView(TimeAt(at));

    public static DateTimeOffset TimeAt(double second) => StartTime.AddSeconds(second);

    private KeyView GetView(DateTimeOffset at) => new(
        _state.Revision,
        _state.Current,
        _state.IsRevoked,
        _state.IsDisabled,
        _state.Secrets.Where(secret => !_state.IsRevoked && _state.IsRetiring(secret.Key, at))
            .ToDictionary(secret => secret.Key, secret => secret.Value.Deadline!.Value),
        _state.ExpiresAt,
        HasPermission: _state.HasPermission);

    private OwnerState Rotate(string secret, DateTimeOffset at, TimeSpan grace)
    {
        var deadline = _state.ExpiresAt < at + grace ? _state.ExpiresAt.Value : at + grace;
        return _state with
        {
            Current = secret,
            Secrets = _state.Secrets
                .SetItem(_state.Current, new SecretRecord(deadline, deadline <= at))
                .Add(secret, new SecretRecord()),
        };
    }

    private void ApplyChange(RecordedCall call, DateTimeOffset at)
    {
        var next = call.Kind switch
        {
            CallKind.Revoke => _state with { IsRevoked = true },
            CallKind.Disable => _state with { IsDisabled = true },
            CallKind.Enable => _state with { IsDisabled = false },
            CallKind.SetPermission => _state with { HasPermission = call.GivesPermission },
            CallKind.Update => _state with
            {
                ExpiresAt = call.RequestedEnd,
                Secrets = Replace((_, record) => record.Deadline > call.RequestedEnd && !record.HasExpired(at)
                    ? record with { Deadline = call.RequestedEnd }
                    : record),
            },
            CallKind.ChangeDeadline => _state with
            {
                Secrets = Replace((id, record) => id == call.Secret
                    ? record with { Deadline = call.RequestedEnd }
                    : record),
            },
            _ => _state with
            {
                Secrets = Replace((id, record) => id != _state.Current && (call.Secret ?? id) == id
                    ? new SecretRecord(record.HasExpired(at) ? record.Deadline : at, IsExpired: true)
                    : record),
            },
        };
        var isUnchanged = next with { Secrets = _state.Secrets } == _state
            && next.Secrets.All(secret => _state.Secrets[secret.Key] == secret.Value);
        if (!isUnchanged) Apply(call, EventType.FromCallKind(call.Kind)!, call.Secret, next);
    }

    private ImmutableDictionary<string, SecretRecord> Replace(Func<string, SecretRecord, SecretRecord> replace) =>
        _state.Secrets.ToImmutableDictionary(secret => secret.Key, secret => replace(secret.Key, secret.Value));

    private void Apply(
        RecordedCall? call, string type, string? secret, OwnerState next, DateTimeOffset? at = null)
    {
        _state = next with { Revision = _state.Revision + (EventType.KeepsRevision(type) ? 0 : 1) };
        _events.Add(new OwnerEvent
        {
            Owner = Key,
            Number = _events.Count + 1,
            Type = type,
            RequestId = call?.RequestId,
            Secret = secret,
            At = at ?? call!.Start.WallClock,
            After = _state,
        });
    }

    private static Moment MomentAt(double second) => new((long)(second * TimeSpan.TicksPerSecond), TimeAt(second));

    private RecordedCall NewCall(CallKind kind, double start, double end, int? status) => new()
    {
        Kind = kind,
        Target = "silo-1",
        Key = Key,
        RequestId = _calls.Count.ToString(CultureInfo.InvariantCulture),
        Start = MomentAt(start),
        End = MomentAt(end),
        Status = status,
    };

    private HistoryBuilder Add(RecordedCall call)
    {
        var showsKey = call is { IsChange: true, Outcome: Outcome.Done };
        _calls.Add(showsKey ? call with { View = GetView(call.Start.WallClock) } : call);
        return this;
    }
}
