namespace KeysCluster.Secrets;

/// <summary>What a grain is told of a secret that its caller has just minted: never the secret itself.</summary>
/// <param name="Digest">The secret's digest.</param>
/// <param name="DisplayPrefix">What people may see of it.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.NewSecret")]
public readonly record struct NewSecret(
    [property: Id(0)] SecretDigest Digest,
    [property: Id(1)] string DisplayPrefix)
{
    /// <summary>Describes a minted secret to the grain that will own it.</summary>
    public static NewSecret Of(Secret secret) => new(secret.Digest(), secret.DisplayPrefix);
}
