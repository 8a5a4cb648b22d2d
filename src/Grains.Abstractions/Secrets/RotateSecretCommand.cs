using KeysCluster.Idempotency;

namespace KeysCluster.Secrets;

/// <summary>Makes a new secret the current one of a virtual key or project.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RotateSecret")]
public sealed record RotateSecretCommand : IIdempotentCommand
{
    /// <summary>The identity on whose behalf the secret is rotated.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The new secret; for a virtual key, its variant for the live environment.</summary>
    [Id(1)] public required NewSecret Secret { get; init; }

    /// <summary>How long the replaced secret stays valid: zero to <see cref="Secrets.GracePeriod.Maximum"/>.</summary>
    [Id(2)] public TimeSpan GracePeriod { get; init; } = Secrets.GracePeriod.Default;

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(3)] public IdempotentRequest? Idempotency { get; init; }

    /// <summary>
    /// The variant of the new secret for the test environment, with the same id. A caller that does not know the
    /// environment of a virtual key sends both variants, and the grain uses the one that fits.
    /// </summary>
    [Id(4)] public NewSecret? TestSecret { get; init; }
}
