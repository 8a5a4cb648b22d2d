namespace KeysCluster.Client;

/// <summary>
/// A key of another system to import, with the hash of its secret. The service documents the limits of the members.
/// </summary>
public sealed record ImportVirtualKey
{
    /// <summary>The hash of the secret's text in UTF-8.</summary>
    public required string Hash { get; init; }

    /// <summary>How the other system hashed the secret.</summary>
    public required ImportedHashAlgorithm Algorithm { get; init; }

    /// <summary>How the hash is written.</summary>
    public HashEncoding Encoding { get; init; } = HashEncoding.Hex;

    /// <summary>
    /// For <see cref="ImportedHashAlgorithm.HmacSha256"/>, the name of the key in the setting Keys:ImportKeys of
    /// the silos. The key itself is never sent.
    /// </summary>
    public string? HmacKey { get; init; }

    /// <summary>The start of the secret, which may be displayed; the service has a default.</summary>
    public string? DisplayPrefix { get; init; }

    /// <summary>1 to 128 characters; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Up to 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What the key is for.</summary>
    public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

    /// <summary>The user of the key.</summary>
    public string? PrincipalUserId { get; init; }

    /// <summary>From this time on the key is refused. A time in the past is refused.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the key may do, such as <c>chat:write</c> or <c>models:*</c>.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The id of the key in the other system, unique in the project.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Up to 40 entries.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The addresses and CIDR ranges from which the key may be used.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <summary>Whether the key is refused until it is enabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>Keeps the hash out of logs.</summary>
    public override string ToString() => $"ImportVirtualKey {{ {Name}, Hash = … }}";
}
