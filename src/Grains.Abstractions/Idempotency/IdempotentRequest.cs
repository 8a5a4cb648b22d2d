namespace KeysCluster.Idempotency;

/// <summary>
/// Identifies a change that its caller may repeat to obtain a lost response. The grain stores a record of it for
/// <see cref="RecordLifetime"/>, in the same durable write as the change.
/// </summary>
/// <param name="KeyDigest">The digest of the idempotency key. Only the client knows the key itself.</param>
/// <param name="RequestHash">The digest of the request. A different request under the same key is a conflict.</param>
/// <param name="SealedSecret">
/// The new secret, sealed by the caller under the idempotency key. The grain cannot open it, and seals it once more.
/// </param>
/// <param name="SealedTestSecret">
/// The variant of the new secret for the test environment, sealed alike, when the caller does not know the environment.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.IdempotentRequest")]
public sealed record IdempotentRequest(
    [property: Id(0)] Sha256Digest KeyDigest,
    [property: Id(1)] Sha256Digest RequestHash,
    [property: Id(2)] byte[] SealedSecret,
    [property: Id(3)] byte[]? SealedTestSecret = null)
{
    /// <summary>24 hours: how long a repeated request returns the original secret.</summary>
    public static readonly TimeSpan RecordLifetime = TimeSpan.FromHours(24);

    /// <summary>The maximum number of records per virtual key or project.</summary>
    public const int MaxRecords = 32;
}
