namespace KeysCluster.Projects;

/// <summary>Changes fields of an API key. Fields that are not set stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateApiKey")]
public sealed record UpdateApiKeyCommand
{
    /// <summary>
    /// The identity on whose behalf the API key is changed. An API key adds only permissions that it has, and extends
    /// no expiry beyond its own.
    /// </summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The API key.</summary>
    [Id(1)] public required ApiKeyId Id { get; init; }

    /// <summary>The new name, 1 to <see cref="ApiKeyLimits.MaxNameLength"/> characters; null to keep it.</summary>
    [Id(2)] public string? Name { get; init; }

    /// <summary>The new permissions; null to keep the present ones.</summary>
    [Id(3)] public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>True when <see cref="ExpiresAt"/> replaces the present expiry; a null expiry clears it.</summary>
    [Id(4)] public bool SetsExpiresAt { get; init; }

    /// <summary>The new expiry, when <see cref="SetsExpiresAt"/> is true: later than now, or null.</summary>
    [Id(5)] public DateTimeOffset? ExpiresAt { get; init; }
}
