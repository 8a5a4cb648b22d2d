namespace KeysCluster.Secrets;

/// <summary>
/// Describes a newly minted secret to the grain that will store its hash. It does not contain the secret.
/// </summary>
/// <param name="Id">The id of the secret.</param>
/// <param name="Digest">The digest of the secret.</param>
/// <param name="DisplayPrefix">The part of the secret that may be displayed.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.NewSecret")]
public readonly record struct NewSecret(
    [property: Id(0)] SecretId Id,
    [property: Id(1)] Sha256Digest Digest,
    [property: Id(2)] string DisplayPrefix)
{
    /// <summary>Describes a minted secret under a new id.</summary>
    public static NewSecret From(Secret secret, DateTimeOffset now) => From(secret, SecretId.New(now));

    /// <summary>Describes a minted secret under an id.</summary>
    public static NewSecret From(Secret secret, SecretId id) => new(id, secret.ComputeDigest(), secret.DisplayPrefix);
}
