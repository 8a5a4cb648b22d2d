namespace KeysCluster.Cluster.EndToEnd.History;

internal enum CallKind { Create, Rotate, Validate, CutOne, CutAll, Revoke, Disable, Enable, Read }

/// <summary>What a caller may conclude from how a call ended.</summary>
internal enum Outcome
{
    /// <summary>Answered with success: it took effect between its start and its end.</summary>
    Done,

    /// <summary>Answered with a refusal (4xx): it had no effect.</summary>
    Refused,

    /// <summary>A 503, another failure, or no answer: it took effect at any time after its start, or never.</summary>
    Unknown,
}

/// <summary>A moment on the two clocks of the one machine: an order of events, and the time that deadlines are told in.</summary>
/// <param name="Ticks">Monotonic, in units of 100 ns.</param>
/// <param name="WallClock">What the clock on the wall said.</param>
internal readonly record struct Moment(long Ticks, DateTimeOffset WallClock)
{
    public static TimeSpan operator -(Moment later, Moment earlier) => TimeSpan.FromTicks(later.Ticks - earlier.Ticks);

    public static bool operator <(Moment one, Moment other) => one.Ticks < other.Ticks;

    public static bool operator >(Moment one, Moment other) => one.Ticks > other.Ticks;
}

/// <summary>A key as an answer showed it.</summary>
/// <param name="Revision">One more for each change.</param>
/// <param name="Secret">The id of the current secret.</param>
/// <param name="IsRevoked">Whether it is revoked.</param>
/// <param name="IsDisabled">Whether it is disabled.</param>
/// <param name="Retiring">The ids of retiring secrets, each with its deadline.</param>
internal sealed record KeyView(
    long Revision, string Secret, bool IsRevoked, bool IsDisabled, IReadOnlyDictionary<string, DateTimeOffset> Retiring);

/// <summary>A call as its caller saw it. It names keys and secrets by their ids; no secret is in it.</summary>
internal sealed record RecordedCall
{
    public required CallKind Kind { get; init; }

    public required string Node { get; init; }

    public required string Key { get; init; }

    /// <summary>The secret that is validated or cut.</summary>
    public string? Secret { get; init; }

    /// <summary>Calls under one idempotency key share it: together they take effect once.</summary>
    public string? Operation { get; init; }

    /// <summary>What a rotation asks for.</summary>
    public TimeSpan Grace { get; init; }

    public required Moment Start { get; init; }

    public required Moment End { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The verdict's code, or the error's, or what went wrong on the way.</summary>
    public string? Code { get; init; }

    public bool HasRetryAfter { get; init; }

    /// <summary>The key in the answer.</summary>
    public KeyView? View { get; init; }

    /// <summary>The deadline in a verdict.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    public Outcome Outcome => Status switch
    {
        >= 200 and < 300 => Outcome.Done,
        >= 400 and < 500 => Outcome.Refused,
        _ => Outcome.Unknown,
    };

    public TimeSpan Duration => End - Start;

    public bool IsChange => Kind is not (CallKind.Validate or CallKind.Read);

    /// <summary>Whether a validation said that the secret is good.</summary>
    public bool IsAccepted => Outcome == Outcome.Done && Code is "active" or "retiring";

    /// <summary>Whether a validation gave a verdict, and it was that the secret is bad.</summary>
    public bool IsRejected => Kind == CallKind.Validate && Outcome == Outcome.Done && !IsAccepted;

    /// <summary>Whether it may have taken effect by a moment.</summary>
    public bool MayHaveTakenEffectBy(Moment moment) => Outcome != Outcome.Refused && Start < moment;

    /// <summary>Whether it certainly took effect before a moment.</summary>
    public bool HadTakenEffectBy(Moment moment) => Outcome == Outcome.Done && End < moment;

    public override string ToString()
    {
        var secret = Secret is null ? "" : $" {Secret}";
        var grace = Kind == CallKind.Rotate ? $" grace {Grace.TotalSeconds:0} s" : "";
        var shown = View is not null && Kind is CallKind.Create or CallKind.Rotate ? $" -> {View!.Secret}" : "";
        return $"{Start.WallClock:HH:mm:ss.fff}-{End.WallClock:HH:mm:ss.fff} {Node} {Kind} {Key}{secret}{grace}: "
            + $"{Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"} {Code}{shown}";
    }
}
