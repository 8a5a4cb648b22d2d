using KeysCluster.Secrets;

namespace KeysCluster.Idempotency;

/// <summary>
/// Marks a change that its caller may send again, so that a lost answer can be had once more. The grain keeps a receipt
/// of it for <see cref="ReceiptLifetime"/>, in the same durable write as the change.
/// </summary>
/// <param name="KeyDigest">Digest of the idempotency key; the key itself is known to its sender only.</param>
/// <param name="Fingerprint">Digest of what was asked for; another request under the same key is a conflict.</param>
/// <param name="SealedSecret">
/// The new secret, sealed by the caller under the idempotency key. The grain cannot open it; it seals it once more.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.IdempotentRequest")]
public sealed record IdempotentRequest(
    [property: Id(0)] SecretDigest KeyDigest,
    [property: Id(1)] SecretDigest Fingerprint,
    [property: Id(2)] byte[] SealedSecret)
{
    /// <summary>24 hours: how long the same request gets the same answer.</summary>
    public static readonly TimeSpan ReceiptLifetime = TimeSpan.FromHours(24);

    /// <summary>How many receipts a virtual key or project keeps at once.</summary>
    public const int MaxReceipts = 64;
}
