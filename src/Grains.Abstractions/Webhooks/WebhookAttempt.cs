namespace KeysCluster.Webhooks;

/// <summary>One attempt to deliver an event.</summary>
/// <param name="At">The time of the attempt.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="StatusCode">The status code of the response; null when there was none.</param>
/// <param name="Error">
/// Why there was no accepted response, such as <c>timeout</c>, <c>connection_failed</c>, <c>address_not_allowed</c>,
/// <c>redirect</c>, <c>status</c>; null after a response with a status from 200 to 299.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookAttempt")]
public sealed record WebhookAttempt(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] int DurationMs,
    [property: Id(2)] int? StatusCode,
    [property: Id(3)] string? Error)
{
    /// <summary>Whether the endpoint has accepted the delivery.</summary>
    public bool IsAccepted => Error is null;
}
