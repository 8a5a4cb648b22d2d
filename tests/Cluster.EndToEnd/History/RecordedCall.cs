using System.Globalization;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A call as its caller observed it. It contains the ids of secrets, never a secret.</summary>
internal sealed record RecordedCall
{
    public required CallKind Kind { get; init; }

    /// <summary>The name of the silo or front end that was called.</summary>
    public required string Target { get; init; }

    /// <summary>The id of the virtual key or project.</summary>
    public required string Key { get; init; }

    /// <summary>The <c>X-Request-Id</c>, which the event of the change contains. Unique within a run.</summary>
    public required string RequestId { get; init; }

    /// <summary>The id of the secret that is validated, expired, or whose deadline is changed.</summary>
    public string? Secret { get; init; }

    /// <summary>The idempotency key. Calls with the same one take effect once.</summary>
    public string? Operation { get; init; }

    /// <summary>The grace period of a rotation.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>The deadline or the expiry that a call sets; null clears an expiry.</summary>
    public DateTimeOffset? RequestedEnd { get; init; }

    /// <summary>Whether a validation requires the permission of the workload.</summary>
    public bool NeedsPermission { get; init; }

    /// <summary>Whether a change gives the key its permission; otherwise it takes it away.</summary>
    public bool GivesPermission { get; init; }

    /// <summary>
    /// How far the clock of some process may have been off during the call, because a fault changed it.
    /// </summary>
    public TimeSpan ClockTolerance { get; init; }

    public required Moment Start { get; init; }

    public required Moment End { get; init; }

    /// <summary>Whether the validator in the process was called without REST.</summary>
    public bool IsInProcess { get; init; }

    /// <summary>The HTTP status code; null when there was no response.</summary>
    public int? Status { get; init; }

    /// <summary>The code of the verdict or the error, or the reason why there was no response.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>Retry-After</c> header; null when there was none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The key in the response.</summary>
    public KeyView? View { get; init; }

    /// <summary>The id of the secret that the response contained.</summary>
    public string? IssuedSecret { get; init; }

    /// <summary>The deadline in a verdict.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    public Outcome Outcome => Status switch
    {
        >= 200 and < 300 => Outcome.Done,
        >= 400 and < 500 => Outcome.Refused,
        _ => Outcome.Unknown,
    };

    public TimeSpan Duration => End - Start;

    public bool IsChange => !IsVerdict && Kind is not (CallKind.Read or CallKind.List);

    /// <summary>Whether the call validates a secret or authenticates an API key.</summary>
    public bool IsVerdict => Kind is CallKind.Validate or CallKind.ValidateMember or CallKind.Authenticate;

    /// <summary>Whether the response was that the secret is valid.</summary>
    public bool IsAccepted => Outcome == Outcome.Done
        && (Kind == CallKind.Authenticate
            || (Kind is CallKind.Validate or CallKind.ValidateMember && VerdictCodes.IsAccepting(Code)));

    /// <summary>Whether the response was that the secret is invalid.</summary>
    public bool IsRejected => Kind switch
    {
        CallKind.Validate or CallKind.ValidateMember => Outcome == Outcome.Done && !VerdictCodes.IsAccepting(Code),
        CallKind.Authenticate =>
            Outcome == Outcome.Refused && Code is "unauthorized" or VerdictCodes.ProjectDisabled,
        _ => false,
    };

    public override string ToString()
    {
        var secret = Secret is null ? "" : $" {Secret}";
        var grace = Kind == CallKind.Rotate ? $" grace {Grace.TotalSeconds:0} s" : "";
        var issued = IssuedSecret is null ? "" : $" -> {IssuedSecret}";
        var status = Status?.ToString(CultureInfo.InvariantCulture) ?? "no response";
        var end = RequestedEnd is { } time ? $" until {time:HH:mm:ss.fff}" : "";
        return $"{Start.WallClock:HH:mm:ss.fff}-{End.WallClock:HH:mm:ss.fff} {RequestId} {Target} "
            + $"{Kind}{(IsInProcess ? " in process" : "")} {Key}{secret}{grace}{end}: "
            + $"{status} {Code}{issued}";
    }
}
