using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Errors;

internal static class ChangeOutcomeExtensions
{
    /// <summary>Returns the error for an outcome; null if the change was applied or replayed.</summary>
    public static ErrorResult? ToError(this ChangeOutcome outcome, ErrorResult notFound) => outcome switch
    {
        ChangeOutcome.Done or ChangeOutcome.Replayed => null,
        ChangeOutcome.NotFound => notFound,
        ChangeOutcome.KeyRevoked => ApiErrors.VirtualKeyRevoked,
        ChangeOutcome.TooManyRetiringSecrets => ApiErrors.TooManyRetiringSecrets,
        ChangeOutcome.RetiringSecretNotFound => ApiErrors.RetiringSecretNotFound,
        ChangeOutcome.DeadlineInThePast => ApiErrors.ValidationFailed("valid_until must be later than now."),
        ChangeOutcome.DeadlineTooFar => ApiErrors.ValidationFailed("valid_until must be at most 30 days ahead."),
        ChangeOutcome.DeadlinePastExpiry =>
            ApiErrors.ValidationFailed("valid_until must not be later than the key's expires_at."),
        ChangeOutcome.ExpiryInThePast => ApiErrors.ValidationFailed("expires_at must be later than now."),
        ChangeOutcome.TextTooLong => ApiErrors.ValidationFailed(
            "The strings of a virtual key, without config, must have at most "
            + $"{VirtualKeyLimits.MaxTextBytes} bytes of JSON together."),
        ChangeOutcome.ConfigTooLong => ApiErrors.ValidationFailed(
            $"config must have at most {VirtualKeyLimits.MaxConfigBytes} bytes."),
        ChangeOutcome.ExternalIdTaken => ApiErrors.ExternalIdTaken,
        ChangeOutcome.SecretTaken => ApiErrors.SecretTaken,
        ChangeOutcome.HashSchemeUnknown => ApiErrors.HmacKeyMissing,
        ChangeOutcome.TooManyVirtualKeys => ApiErrors.TooManyVirtualKeys,
        ChangeOutcome.ApiKeyNotFound => ApiErrors.ApiKeyNotFound,
        ChangeOutcome.TooManyApiKeys => ApiErrors.TooManyApiKeys,
        ChangeOutcome.ExpiryExceedsCaller => ApiErrors.ExpiryExceedsCaller,
        ChangeOutcome.CallerRetiring => ApiErrors.ApiKeyRetiring,
        ChangeOutcome.CallerInvalid => ApiErrors.Unauthorized,
        ChangeOutcome.ProjectNotArchived => ApiErrors.ProjectNotArchived,
        ChangeOutcome.WebhookNotFound => ApiErrors.WebhookNotFound,
        ChangeOutcome.TooManyWebhooks => ApiErrors.TooManyWebhooks,
        ChangeOutcome.TooManyWebhookSecrets => ApiErrors.TooManyWebhookSecrets,
        ChangeOutcome.WebhookUrlNotAllowed => ApiErrors.WebhookUrlNotAllowed,
        ChangeOutcome.IdempotencyConflict => ApiErrors.IdempotencyConflict,
        ChangeOutcome.TooManyIdempotencyRecords => ApiErrors.TooManyIdempotencyKeys,
        _ => ApiErrors.InternalError,
    };
}
