namespace KeysCluster;

/// <summary>How a change ended. Anything but <see cref="Done"/> and <see cref="Replayed"/> changed nothing.</summary>
[GenerateSerializer, Alias("KeysCluster.ChangeOutcome")]
public enum ChangeOutcome
{
    /// <summary>Carried out and durable, or already so.</summary>
    Done = 0,

    /// <summary>There is no such virtual key or project for this caller.</summary>
    NotFound = 1,

    /// <summary>There is one with this id already.</summary>
    AlreadyExists = 2,

    /// <summary>The virtual key is revoked, which is final.</summary>
    Revoked = 3,

    /// <summary><see cref="Secrets.GracePeriod.MaxRetiringSecrets"/> secrets are retiring; rotate again when one has ended.</summary>
    TooManyRetiringSecrets = 4,

    /// <summary>No secret with this id is retiring; one that has ended is not.</summary>
    RetiringSecretNotFound = 5,

    /// <summary>A deadline is not later than now.</summary>
    DeadlineInThePast = 6,

    /// <summary>A deadline is more than <see cref="Secrets.GracePeriod.Longest"/> ahead.</summary>
    DeadlineTooFar = 7,

    /// <summary>A deadline is past the key's own expiry.</summary>
    DeadlinePastExpiry = 8,

    /// <summary>An expiry is not later than now.</summary>
    ExpiryInThePast = 9,

    /// <summary>Carried out before under the same idempotency key: this is the answer of then.</summary>
    Replayed = 10,

    /// <summary>The idempotency key was used for another request.</summary>
    IdempotencyConflict = 11,

    /// <summary><see cref="Idempotency.IdempotentRequest.MaxReceipts"/> receipts are kept; the oldest ends within a day.</summary>
    TooManyReceipts = 12,
}
