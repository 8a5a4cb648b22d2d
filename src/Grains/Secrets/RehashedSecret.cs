namespace KeysCluster.Grains.Secrets;

/// <summary>The hash of a secret under the current pepper, until it is written.</summary>
/// <param name="before">The secret as it was rehashed.</param>
/// <param name="after">The secret with the new hash.</param>
internal sealed class RehashedSecret(StoredSecret before, StoredSecret after)
{
    /// <summary>Returns whether a secret still has the hash that was replaced.</summary>
    public bool IsFrom(StoredSecret secret) => secret.PepperId == before.PepperId && secret.HasHash(before.Hash);

    public StoredSecret ApplyTo(StoredSecret secret) =>
        secret with { Hash = after.Hash, PepperId = after.PepperId };
}
