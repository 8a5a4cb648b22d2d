using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>What a new virtual key starts with.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateVirtualKey")]
public sealed record CreateVirtualKey
{
    /// <summary>The project it will belong to.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>1 to 128 characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Free text, or null.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>Fixed from now on.</summary>
    [Id(3)] public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>The user it stands for, or null.</summary>
    [Id(4)] public string? PrincipalUserId { get; init; }

    /// <summary>An ordered, opaque list.</summary>
    [Id(5)] public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>Its first secret.</summary>
    [Id(6)] public required NewSecret Secret { get; init; }

    /// <summary>From this instant on the key does not work; null for never.</summary>
    [Id(7)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Set when the caller may send this command again.</summary>
    [Id(8)] public IdempotentRequest? Idempotency { get; init; }
}

/// <summary>What to change about a virtual key; what is not set stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateVirtualKey")]
public sealed record UpdateVirtualKey
{
    /// <summary>On whose behalf.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>A new name, or null to keep the old one.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>Whether <see cref="Description"/> replaces the old one; a null description clears it.</summary>
    [Id(2)] public bool SetsDescription { get; init; }

    /// <summary>The new description, when <see cref="SetsDescription"/>.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>A new list, or null to keep the old one.</summary>
    [Id(4)] public IReadOnlyList<string>? ProviderCredentialIds { get; init; }

    /// <summary>Whether <see cref="ExpiresAt"/> replaces the old one; a null expiry clears it.</summary>
    [Id(5)] public bool SetsExpiresAt { get; init; }

    /// <summary>The new expiry, when <see cref="SetsExpiresAt"/>: later than now. Retiring secrets end with it at the latest.</summary>
    [Id(6)] public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>How a change of a virtual key ended.</summary>
/// <param name="Outcome">Whether it was carried out, or why not.</param>
/// <param name="Key">The key after the call; null when there is none for this caller.</param>
/// <param name="SealedSecret">When <see cref="ChangeOutcome.Replayed"/>: the secret, as its first caller sealed it.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyResult")]
public sealed record VirtualKeyResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] VirtualKey? Key,
    [property: Id(2)] byte[]? SealedSecret = null);
