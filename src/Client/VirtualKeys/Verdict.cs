namespace KeysCluster.Client;

/// <summary>The result of a validation.</summary>
public sealed record Verdict
{
    /// <summary>Whether the secret is accepted.</summary>
    public required bool Valid { get; init; }

    /// <summary>Why.</summary>
    public required VerdictCode Code { get; init; }

    /// <summary>The id of the key; null when no secret matched.</summary>
    public string? VirtualKeyId { get; init; }

    /// <summary>The id of the key in another system.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The user of the key.</summary>
    public string? PrincipalUserId { get; init; }

    /// <summary>The key; null when no secret matched, and for callers who may not view keys.</summary>
    public VirtualKey? VirtualKey { get; init; }

    /// <summary>The id of the secret.</summary>
    public string? SecretId { get; init; }

    /// <summary>The deadline of a retiring or expired secret.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The required permissions that the key lacks.</summary>
    public IReadOnlyList<string> MissingPermissions { get; init; } = [];
}
