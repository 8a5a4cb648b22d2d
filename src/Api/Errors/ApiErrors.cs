using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Errors;

/// <summary>Every failure that the API tells, in one place: the codes are part of its contract.</summary>
internal static class ApiErrors
{
    public static ErrorResult MalformedJson(string message) => new(400, "malformed_json", message);

    public static ErrorResult BadRequest { get; } = new(400, "bad_request", "The request could not be read.");

    public static ErrorResult VirtualKeyRevoked { get; } =
        new(400, "virtual_key_revoked", "This virtual key is revoked, which is final; create a new one.");

    public static ErrorResult Unauthorized { get; } = new(401, "unauthorized",
        "Send a valid API key as 'Authorization: Bearer <key>' or 'X-Auth-Token: <key>'.");

    public static ErrorResult Forbidden { get; } =
        new(403, "forbidden", "This API key is valid, but not for this call.");

    public static ErrorResult NotFound { get; } = new(404, "not_found", "There is nothing at this path.");

    public static ErrorResult VirtualKeyNotFound { get; } =
        new(404, "virtual_key_not_found", "This project has no virtual key with this id.");

    public static ErrorResult ProjectNotFound { get; } = new(404, "project_not_found", "There is no project with this id.");

    public static ErrorResult RetiringSecretNotFound { get; } =
        new(404, "retiring_secret_not_found", "No secret with this id is retiring; one that has ended is not.");

    public static ErrorResult IdempotencyConflict { get; } = new(409, "idempotency_conflict",
        "This Idempotency-Key was used for another request; send the same request, or another key.");

    public static ErrorResult MethodNotAllowed { get; } =
        new(405, "method_not_allowed", "This path does not know this method; the Allow header names those it knows.");

    public static ErrorResult PayloadTooLarge { get; } =
        new(413, "payload_too_large", $"The body is larger than {ApiLimits.MaxBodyBytes} bytes.");

    public static ErrorResult UnsupportedMediaType { get; } =
        new(415, "unsupported_media_type", "Send the body as JSON, with 'Content-Type: application/json'.");

    public static ErrorResult ValidationFailed(string message) => new(422, "validation_failed", message);

    public static ErrorResult TooManyRetiringSecrets { get; } = new(422, "too_many_retiring_secrets",
        $"{GracePeriod.MaxRetiringSecrets} replaced secrets are still valid; rotate again when the first of them has ended.");

    public static ErrorResult TooManyReceipts { get; } = new(422, "too_many_idempotency_keys",
        $"{IdempotentRequest.MaxReceipts} idempotency keys were used here within a day; send the request without one.");

    public static ErrorResult TooManyRequests { get; } =
        new(429, "too_many_requests", "Too many requests; try again in a second.");

    public static ErrorResult InternalError { get; } =
        new(500, "internal_error", "Something went wrong on our side; the log has the details.");

    public static ErrorResult StorageUnavailable { get; } = new(503, "storage_unavailable",
        "Storage did not answer; a change happened whole or not at all. Try again.");

    public static ErrorResult ServiceUnavailable { get; } =
        new(503, "service_unavailable", "The node that holds this key did not answer. Try again.");

    public static ErrorResult ValidationUnavailable { get; } =
        new(503, "validation_unavailable", "Whether a key is good cannot be told now; this says nothing about it. Try again.");

    /// <summary>What any call may answer with.</summary>
    public static IEnumerable<ErrorResult> OfEveryCall =>
    [
        Unauthorized, Forbidden, TooManyRequests, InternalError, StorageUnavailable, ServiceUnavailable, ValidationUnavailable,
    ];

    /// <summary>What a call that reads a body may answer with.</summary>
    public static IEnumerable<ErrorResult> OfBodies =>
    [
        MalformedJson("The body is not well-formed JSON (line 1, byte 10)."),
        PayloadTooLarge,
        UnsupportedMediaType,
        ValidationFailed("name must not be empty or blank."),
    ];

    /// <summary>What a call that takes an idempotency key may answer with.</summary>
    public static IEnumerable<ErrorResult> OfIdempotency => [IdempotencyConflict, TooManyReceipts];

    /// <summary>The failure that stands for a bare status, such as routing answers with.</summary>
    public static ErrorResult Of(int status) => status switch
    {
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        429 => TooManyRequests,
        >= 500 => InternalError,
        _ => BadRequest,
    };
}
