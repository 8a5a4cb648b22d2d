namespace KeysCluster.Client;

/// <summary>A project.</summary>
public sealed record Project
{
    /// <summary>The id: <c>project_</c> and a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The name at creation in lower case with a part of the id. It never changes.</summary>
    public string Slug { get; init; } = "";

    /// <summary>Whether its keys can be used.</summary>
    public ProjectStatus Status { get; init; }

    /// <summary>When the project was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the project was changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the project was disabled; null while it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why the project was disabled.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When the project was archived; null while it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>When an administrator requested the erasure of the archived project.</summary>
    public DateTimeOffset? ErasureRequestedAt { get; init; }

    /// <summary>When its keys and events were erased.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>The maximum number of virtual keys that are not revoked.</summary>
    public int MaxVirtualKeys { get; init; }
}
