namespace KeysCluster.Api.Errors;

internal static class OutcomeErrors
{
    /// <summary>The failure that stands for how a change ended; null when it was carried out, now or before.</summary>
    public static ErrorResult? Error(this ChangeOutcome outcome, ErrorResult notFound) => outcome switch
    {
        ChangeOutcome.Done or ChangeOutcome.Replayed => null,
        ChangeOutcome.NotFound => notFound,
        ChangeOutcome.Revoked => ApiErrors.VirtualKeyRevoked,
        ChangeOutcome.TooManyRetiringSecrets => ApiErrors.TooManyRetiringSecrets,
        ChangeOutcome.RetiringSecretNotFound => ApiErrors.RetiringSecretNotFound,
        ChangeOutcome.DeadlineInThePast => ApiErrors.ValidationFailed("valid_until must be later than now."),
        ChangeOutcome.DeadlineTooFar => ApiErrors.ValidationFailed("valid_until must be at most 30 days ahead."),
        ChangeOutcome.DeadlinePastExpiry => ApiErrors.ValidationFailed("valid_until must not be past the key's expires_at."),
        ChangeOutcome.ExpiryInThePast => ApiErrors.ValidationFailed("expires_at must be later than now."),
        ChangeOutcome.IdempotencyConflict => ApiErrors.IdempotencyConflict,
        ChangeOutcome.TooManyReceipts => ApiErrors.TooManyReceipts,
        _ => ApiErrors.InternalError,
    };
}
