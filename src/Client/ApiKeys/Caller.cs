namespace KeysCluster.Client;

/// <summary>What a key is and may do.</summary>
public sealed record Caller
{
    /// <summary><c>api_key</c>, <c>admin</c> or <c>user</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The name of the key or person.</summary>
    public required string Name { get; init; }

    /// <summary>The project of an API key or a person.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The id of an API key.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The id of its secret.</summary>
    public string? SecretId { get; init; }

    /// <summary>What an API key or a person may do.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>Whether the secret was replaced. Until its deadline it can only read and verify.</summary>
    public bool Retiring { get; init; }
}
