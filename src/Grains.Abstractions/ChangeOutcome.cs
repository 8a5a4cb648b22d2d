namespace KeysCluster;

/// <summary>The outcome of a change. Only <see cref="Done"/> may have changed the state.</summary>
[GenerateSerializer, Alias("KeysCluster.ChangeOutcome")]
public enum ChangeOutcome
{
    /// <summary>The change is durable, or the state already was as requested.</summary>
    Done = 0,

    /// <summary>No such virtual key or project exists for this caller.</summary>
    NotFound = 1,

    /// <summary>The id is already in use.</summary>
    AlreadyExists = 2,

    /// <summary>The change was refused because the virtual key is revoked, which is final.</summary>
    KeyRevoked = 3,

    /// <summary>
    /// <see cref="Secrets.GracePeriod.MaxRetiringSecrets"/> secrets are retiring. Rotate again after one has expired.
    /// </summary>
    TooManyRetiringSecrets = 4,

    /// <summary>No retiring secret has this id. A secret whose grace period has ended is no longer retiring.</summary>
    RetiringSecretNotFound = 5,

    /// <summary>The requested deadline is not later than now.</summary>
    DeadlineInThePast = 6,

    /// <summary>The requested deadline is more than <see cref="Secrets.GracePeriod.Maximum"/> ahead.</summary>
    DeadlineTooFar = 7,

    /// <summary>The requested deadline is later than the key's own expiry.</summary>
    DeadlinePastExpiry = 8,

    /// <summary>The requested expiry is not later than now.</summary>
    ExpiryInThePast = 9,

    /// <summary>The same idempotent request was carried out before; the result is the original one.</summary>
    Replayed = 10,

    /// <summary>The idempotency key was used for a different request.</summary>
    IdempotencyConflict = 11,

    /// <summary>
    /// <see cref="Idempotency.IdempotentRequest.MaxRecords"/> idempotency records are stored. The oldest expires within
    /// <see cref="Idempotency.IdempotentRequest.RecordLifetime"/>.
    /// </summary>
    TooManyIdempotencyRecords = 12,

    /// <summary>
    /// The texts of the virtual key have more than <see cref="VirtualKeys.VirtualKeyLimits.MaxTextBytes"/> together.
    /// </summary>
    TextTooLong = 13,

    /// <summary>
    /// The configuration of the virtual key has more than <see cref="VirtualKeys.VirtualKeyLimits.MaxConfigBytes"/>.
    /// </summary>
    ConfigTooLong = 14,

    /// <summary>Another virtual key of the project, which is not revoked, has the same external id.</summary>
    ExternalIdTaken = 15,

    /// <summary>The project has as many virtual keys that are not revoked as it may have.</summary>
    TooManyVirtualKeys = 16,

    /// <summary>The project has no API key with this id.</summary>
    ApiKeyNotFound = 17,

    /// <summary>The project has <see cref="Projects.ApiKeyLimits.MaxApiKeys"/> API keys.</summary>
    TooManyApiKeys = 18,

    /// <summary>
    /// The change would grant more than the API key that requests it has; see
    /// <see cref="Projects.ProjectResult.MissingPermissions"/>.
    /// </summary>
    PermissionMissing = 19,

    /// <summary>
    /// The change would make an API key, or a secret of one, valid for longer than the API key that asks for it.
    /// </summary>
    ExpiryExceedsCaller = 20,

    /// <summary>A retiring API key asks for a change. It may only expire itself.</summary>
    CallerRetiring = 21,

    /// <summary>The API key that asks for the change is no longer valid.</summary>
    CallerInvalid = 22,

    /// <summary>The project is not archived.</summary>
    ProjectNotArchived = 23,

    /// <summary>The project has no webhook with this id.</summary>
    WebhookNotFound = 24,

    /// <summary>The project has <see cref="Webhooks.WebhookLimits.MaxWebhooks"/> webhooks.</summary>
    TooManyWebhooks = 25,

    /// <summary>The webhook has <see cref="Webhooks.WebhookLimits.MaxSecrets"/> signing secrets.</summary>
    TooManyWebhookSecrets = 26,

    /// <summary>The URL of a webhook is none to which this service may send events.</summary>
    WebhookUrlNotAllowed = 27,

    /// <summary>Another virtual key has the imported secret.</summary>
    SecretTaken = 28,

    /// <summary>
    /// The hash scheme of an imported key is none, or one whose HMAC key the silo does not have.
    /// </summary>
    HashSchemeUnknown = 29,
}
