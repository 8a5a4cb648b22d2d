using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>Creates a virtual key. Callers validate lengths and counts; the grain does not.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateVirtualKey")]
public sealed record CreateVirtualKeyCommand : IIdempotentCommand
{
    /// <summary>
    /// The maximum size of name, description, user id and provider credential ids together, in bytes of JSON. Quotes
    /// and backslashes take two bytes, emojis twelve, other characters what they take in UTF-8.
    /// </summary>
    public const int MaxTextBytes = 8192;

    /// <summary>The identity on whose behalf the key is created. Its project will own the key.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>1 to 128 characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Free text of up to 4,000 characters, or null.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>The environment of the key. It cannot be changed later.</summary>
    [Id(3)] public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>The user that the key represents, in 1 to 255 characters, or null.</summary>
    [Id(4)] public string? PrincipalUserId { get; init; }

    /// <summary>An ordered list of up to 100 opaque ids of 1 to 255 characters.</summary>
    [Id(5)] public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>The first secret.</summary>
    [Id(6)] public required NewSecret Secret { get; init; }

    /// <summary>The instant from which the key is invalid, later than now; null for no expiry.</summary>
    [Id(7)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(8)] public IdempotentRequest? Idempotency { get; init; }

    /// <summary>
    /// Creates nothing: an earlier, identical request is replayed, and otherwise the key is not found.
    /// </summary>
    [Id(9)] public bool ReplayOnly { get; init; }
}
