namespace KeysCluster.Client;

/// <summary>A secret to validate.</summary>
public sealed record VerifySecret
{
    /// <summary>The secret, as its owner presented it.</summary>
    public required string Secret { get; init; }

    /// <summary>The permissions that the key must have.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The address of the owner; required for keys with allowed addresses.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => "VerifySecret { Secret = … }";
}
