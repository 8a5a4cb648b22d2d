using System.ComponentModel;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>An attempt to deliver an event.</summary>
internal sealed record AttemptResource
{
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }

    /// <summary>The status code of the response; null if there was none.</summary>
    public required int? StatusCode { get; init; }

    [Description(
        "Why the delivery was not accepted: status, redirect, timeout, host_not_found, address_not_allowed, "
        + "connection_failed, tls, invalid_response or signing_secret_unavailable; null if it was.")]
    public required string? Error { get; init; }

    public static AttemptResource From(WebhookAttempt attempt) => new()
    {
        At = attempt.At,
        DurationMs = attempt.DurationMs,
        StatusCode = attempt.StatusCode,
        Error = attempt.Error,
    };
}
