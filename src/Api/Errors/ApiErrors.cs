using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Errors;

/// <summary>All errors of the API. The codes are part of its contract; messages may change.</summary>
internal static class ApiErrors
{
    /// <summary>Longer than any member that clients send, and too short for a secret.</summary>
    private const int MaxNameLength = 40;

    public static ErrorResult MalformedJson(string message) => new(400, "malformed_json", message);

    public static ErrorResult SeveralCredentials { get; } =
        new(400, "bad_request", "The request has several API keys, in Authorization or X-Auth-Token. Send one.");

    public static ErrorResult PlaintextCredentials { get; } = new(403, "https_required",
        "The request has a key and came over plain HTTP. Use HTTPS, and rotate the key: others may have read it.");

    public static ErrorResult BadRequest { get; } = new(400, "bad_request", "The request could not be read.");

    public static ErrorResult VirtualKeyRevoked { get; } = new(400, "virtual_key_revoked",
        "This virtual key is revoked. Revocation is final; create a new key.");

    public static ErrorResult Unauthorized { get; } = new(401, "unauthorized",
        "Send a valid API key as 'Authorization: Bearer <key>', 'X-Auth-Token: <key>' or Basic '<project id>:<key>'.");

    public static RefusalResult Forbidden { get; } =
        new(RefusalReason.Other, "forbidden", "This API key may not perform this operation.");

    public static RefusalResult ApiKeyNeeded { get; } = new(RefusalReason.ProjectKeyRequired, "forbidden",
        "This operation needs an API key of a project; the admin key cannot perform it.");

    public static RefusalResult AdminKeyNeeded { get; } =
        new(RefusalReason.AdminKeyRequired, "forbidden", "This operation needs an admin key.");

    public static RefusalResult ProjectDisabled { get; } = new(RefusalReason.ProjectDisabled, "project_disabled",
        "The project is disabled. An administrator can enable it.");

    public static RefusalResult ApiKeyRetiring { get; } = new(RefusalReason.KeyRetiring, "api_key_retiring",
        "This API key was replaced. Until its deadline it can only read, verify, and expire itself. Use the new one.");

    public static RefusalResult MissingPermissions(IReadOnlyList<string> permissions) => new(
        RefusalReason.PermissionMissing,
        "missing_permissions",
        $"This API key lacks {string.Join(", ", permissions)}.",
        permissions);

    public static RefusalResult ExpiryExceedsCaller { get; } = new(
        RefusalReason.ExpiryExceedsKey,
        "expiry_exceeds_api_key",
        "This API key can only create, extend, widen or rotate API keys that expire no later than itself.");

    public static ErrorResult NotFound { get; } = new(404, "not_found", "Unknown endpoint.");

    public static ErrorResult VirtualKeyNotFound { get; } =
        new(404, "virtual_key_not_found", "This project has no virtual key with this id.");

    public static ErrorResult ProjectNotFound { get; } =
        new(404, "project_not_found", "There is no project with this id.");

    public static ErrorResult ApiKeyNotFound { get; } =
        new(404, "api_key_not_found", "This project has no API key with this id.");

    public static ErrorResult WebhookNotFound { get; } =
        new(404, "webhook_not_found", "The project has no webhook with this id.");

    public static ErrorResult DeliveryNotFound { get; } =
        new(404, "delivery_not_found", "The webhook has no delivery with this id.");

    public static ErrorResult RetiringSecretNotFound { get; } = new(404, "retiring_secret_not_found",
        "No retiring secret has this id. Secrets whose grace period has ended cannot be changed.");

    public static ErrorResult IdempotencyConflict { get; } = new(409, "idempotency_conflict",
        "This Idempotency-Key was used for a different request. Send the same request, or use another key.");

    public static ErrorResult ExternalIdTaken { get; } = new(409, "external_id_taken",
        "Another virtual key of this project has this external_id. It is free again when that key is revoked.");

    public static ErrorResult SecretTaken { get; } = new(409, "secret_taken",
        "Another virtual key has this secret. It remains with that key, also after a revoke.");

    public static ErrorResult ProjectNotArchived { get; } = new(409, "project_not_archived",
        "Only an archived project can be erased. Archive it first: DELETE /api/projects/{id}.");

    public static ErrorResult MethodNotAllowed { get; } =
        new(405, "method_not_allowed", "Method not allowed. See the Allow header.");

    public static ErrorResult RequestTimeout { get; } =
        new(408, "request_timeout", "The body did not arrive in time. Send it faster.");

    public static ErrorResult SpendSourceUnavailable { get; } = new(412, "spend_source_unavailable",
        "This service does not know the spend of a key.");

    // The limit is RequestLimits.MaxBodyBytes.
    public static ErrorResult PayloadTooLarge { get; } =
        new(413, "payload_too_large", "The body is larger than 65536 bytes.");

    // The limit is RequestLimits.MaxImportBytes.
    public static ErrorResult ImportTooLarge { get; } = new(413, "payload_too_large",
        "The body is larger than 524288 bytes. Send fewer keys at a time.");

    public static ErrorResult UnsupportedMediaType { get; } =
        new(415, "unsupported_media_type", "Send the body as JSON, with 'Content-Type: application/json'.");

    public static ErrorResult UnsupportedEncoding { get; } =
        new(415, "unsupported_media_type", "Send the body as it is, without a Content-Encoding.");

    public static ErrorResult ValidationFailed(string message) => new(422, "validation_failed", message);

    public static ErrorResult UnknownMember(string name) =>
        ValidationFailed($"{Quote(name) ?? "A name in the body"} is not a member of this request.");

    public static ErrorResult UnknownParameter(string name) =>
        ValidationFailed($"{Quote(name) ?? "A name in the query"} is not a query parameter of this endpoint.");

    public static ErrorResult UnsupportedMember(string name) => new(422, "unsupported_member",
        $"{name} is not supported: this service would not store it. Leave it out, or send null.");

    public static ErrorResult HmacKeyMissing { get; } = new(422, "hmac_key_missing",
        "The service has no HMAC key with the name in hmac_key. The operator sets Keys:ImportKeys on every silo.");

    public static ErrorResult TooManyRetiringSecrets { get; } = new(422, "too_many_retiring_secrets",
        $"{GracePeriod.MaxRetiringSecrets} replaced secrets are still valid. "
        + "Rotate again after one of them has expired, or expire one.");

    public static ErrorResult TooManyVirtualKeys { get; } = new(422, "too_many_virtual_keys",
        "The project has as many virtual keys as it may have. Revoke some, or ask the administrator for more.");

    public static ErrorResult TooManyApiKeys { get; } = new(422, "too_many_api_keys",
        $"The project has {ApiKeyLimits.MaxApiKeys} API keys. Delete one that is not used.");

    public static ErrorResult TooManyWebhooks { get; } = new(422, "too_many_webhooks",
        $"The project has {WebhookLimits.MaxWebhooks} webhooks. Delete one that is not used.");

    public static ErrorResult TooManyWebhookSecrets { get; } = new(422, "too_many_webhook_secrets",
        $"The webhook has {WebhookLimits.MaxSecrets} signing secrets. Rotate again after one of them has expired.");

    public static ErrorResult WebhookUrlNotAllowed { get; } = new(422, "webhook_url_not_allowed",
        "url must be an https URL on port 443 of a public host, without user information and fragment.");

    public static ErrorResult TooManyIdempotencyKeys { get; } = new(422, "too_many_idempotency_keys",
        $"{IdempotentRequest.MaxRecords} idempotency keys were used for this resource within 24 hours. "
        + "Send the request without one.");

    public static ErrorResult TooManyRequests { get; } =
        new(429, "too_many_requests", "Too many requests; retry after the time in the header Retry-After.");

    public static ErrorResult TooManyConcurrentRequests { get; } = new(429, "too_many_requests",
        "Too many requests of this address at the same time; send fewer at once.");

    public static ErrorResult TooManyFailures { get; } = new(429, "too_many_failures",
        "Too many invalid keys; retry after the time in the header Retry-After. Valid keys in use are not affected.");

    public static ErrorResult InternalError { get; } =
        new(500, "internal_error", "Internal error. The log of the service has the details.");

    public static ErrorResult StorageUnavailable { get; } = new(503, "storage_unavailable",
        "Storage is unavailable. The change was applied completely or not at all; retry.");

    public static ErrorResult ServiceUnavailable { get; } =
        new(503, "service_unavailable", "Service temporarily unavailable; retry.");

    public static ErrorResult ValidationUnavailable { get; } = new(503, "validation_unavailable",
        "Validation is temporarily unavailable. This is not a verdict on the key; retry.");

    /// <summary>The errors of every endpoint, except those of callers that may not call it.</summary>
    public static IEnumerable<ErrorResult> Common =>
    [
        Unauthorized, PlaintextCredentials, TooManyRequests, TooManyFailures, InternalError, StorageUnavailable,
        ServiceUnavailable, ValidationUnavailable,

        // Endpoints that declare no body validate the one that they receive.
        MalformedJson("The body is not well-formed JSON (line 1, byte 10)."), RequestTimeout, PayloadTooLarge,
        UnsupportedMediaType,
    ];

    /// <summary>The error of an endpoint whose body has members.</summary>
    public static ErrorResult InvalidMember { get; } = ValidationFailed("name must not be empty or blank.");

    /// <summary>The errors of an endpoint that grants something to an API key.</summary>
    public static IEnumerable<ErrorResult> ForGrant => [ExpiryExceedsCaller];

    /// <summary>
    /// The errors of an endpoint that any API key may call, to expire its own secret. For anything else it needs a
    /// permission.
    /// </summary>
    public static IEnumerable<ErrorResult> ForExpiryOfOthers =>
    [
        MissingPermissions([ApiKeyPermissions.ManageApiKeys]), ApiKeyRetiring,
    ];

    /// <summary>The errors of an endpoint that accepts an <c>Idempotency-Key</c>.</summary>
    public static IEnumerable<ErrorResult> ForIdempotency => [IdempotencyConflict, TooManyIdempotencyKeys];

    /// <summary>
    /// Quotes a name that the caller chose; null if it may be anything else, such as a secret in the wrong place.
    /// </summary>
    private static string? Quote(string name) =>
        name.Length <= MaxNameLength && !name.Any(char.IsControl)
            ? $"'{name}'"
            : null;

    /// <summary>Returns the error for a status without a body, such as those of routing.</summary>
    public static ErrorResult FromStatus(int status) => status switch
    {
        401 => Unauthorized,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        408 => RequestTimeout,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        429 => TooManyRequests,
        >= 500 => InternalError,
        _ => BadRequest,
    };
}
