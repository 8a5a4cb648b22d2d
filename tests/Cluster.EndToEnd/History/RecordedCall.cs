using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A call as its caller observed it. It contains the ids of secrets, never a secret.</summary>
internal sealed record RecordedCall
{
    public required CallKind Kind { get; init; }

    /// <summary>The name of the silo or front end that was called.</summary>
    public required string Target { get; init; }

    public required string Key { get; init; }

    /// <summary>The id of the secret that is validated or expired.</summary>
    public string? Secret { get; init; }

    /// <summary>The idempotency key. Calls with the same one take effect once.</summary>
    public string? Operation { get; init; }

    /// <summary>The grace period of a rotation.</summary>
    public TimeSpan Grace { get; init; }

    public required Moment Start { get; init; }

    public required Moment End { get; init; }

    /// <summary>The HTTP status code; null when there was no response.</summary>
    public int? Status { get; init; }

    /// <summary>The code of the verdict or the error, or the reason why there was no response.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>Retry-After</c> header; null when there was none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The key in the response.</summary>
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

    /// <summary>Whether a validation returned that the secret is valid.</summary>
    public bool IsAccepted => Outcome == Outcome.Done && Code is "active" or "retiring";

    /// <summary>Returns whether the call may have taken effect by a moment.</summary>
    public bool MayHaveTakenEffectBy(Moment moment) => Outcome != Outcome.Refused && Start < moment;

    /// <summary>Returns whether the call certainly took effect before a moment.</summary>
    public bool HadTakenEffectBy(Moment moment) => Outcome == Outcome.Done && End < moment;

    public override string ToString()
    {
        var secret = Secret is null ? "" : $" {Secret}";
        var grace = Kind == CallKind.Rotate ? $" grace {Grace.TotalSeconds:0} s" : "";
        var issued = View is not null && Kind is CallKind.Create or CallKind.Rotate ? $" -> {View!.Secret}" : "";
        var status = Status?.ToString(CultureInfo.InvariantCulture) ?? "no response";
        return $"{Start.WallClock:HH:mm:ss.fff}-{End.WallClock:HH:mm:ss.fff} {Target} {Kind} {Key}{secret}{grace}: "
            + $"{status} {Code}{issued}";
    }
}
