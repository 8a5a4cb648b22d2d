using KeysCluster.Idempotency;

namespace KeysCluster.Secrets;

/// <summary>Makes a new secret the current one of a virtual key or project.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RotateSecret")]
public sealed record RotateSecret
{
    /// <summary>On whose behalf.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The secret that becomes the current one.</summary>
    [Id(1)] public required NewSecret Secret { get; init; }

    /// <summary>How long the replaced secret goes on working: zero to <see cref="Secrets.GracePeriod.Longest"/>.</summary>
    [Id(2)] public TimeSpan GracePeriod { get; init; } = Secrets.GracePeriod.Default;

    /// <summary>Set when the caller may send this command again.</summary>
    [Id(3)] public IdempotentRequest? Idempotency { get; init; }
}

/// <summary>Ends retiring secrets now.</summary>
/// <param name="Caller">On whose behalf.</param>
/// <param name="Secret">The one to end; null ends all of them.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CutRetiringSecrets")]
public sealed record CutRetiringSecrets(
    [property: Id(0)] Caller Caller,
    [property: Id(1)] SecretId? Secret);

/// <summary>Prolongs or shortens a retiring secret.</summary>
/// <param name="Caller">On whose behalf.</param>
/// <param name="Secret">The secret.</param>
/// <param name="ValidUntil">
/// Its new deadline: later than now, at most <see cref="GracePeriod.Longest"/> ahead, and not past the key's own expiry.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.MoveDeadline")]
public sealed record MoveDeadline(
    [property: Id(0)] Caller Caller,
    [property: Id(1)] SecretId Secret,
    [property: Id(2)] DateTimeOffset ValidUntil);
