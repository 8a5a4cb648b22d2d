namespace KeysCluster.Secrets;

/// <summary>What a grain is told of a secret that its caller has just minted: never the secret itself.</summary>
/// <param name="Id">Names it from now on.</param>
/// <param name="Digest">The secret's digest.</param>
/// <param name="DisplayPrefix">What people may see of it.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.NewSecret")]
public readonly record struct NewSecret(
    [property: Id(0)] SecretId Id,
    [property: Id(1)] SecretDigest Digest,
    [property: Id(2)] string DisplayPrefix)
{
    /// <summary>Describes a minted secret to the grain that will own it.</summary>
    public static NewSecret Of(Secret secret, DateTimeOffset now) =>
        new(SecretId.New(now), secret.Digest(), secret.DisplayPrefix);
}
