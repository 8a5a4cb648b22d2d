using KeysCluster.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Projects;

/// <summary>A project: the tenant that owns virtual keys.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Project")]
public sealed record Project
{
    /// <summary>The maximum number of virtual keys, unless the administrator sets another one.</summary>
    public const int DefaultMaxVirtualKeys = 10_000;

    /// <summary>The id. It never changes.</summary>
    [Id(0)] public required ProjectId Id { get; init; }

    /// <summary>1 to 255 characters, not necessarily unique.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The time of creation.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last change.</summary>
    [Id(3)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The part of the current secret of the first API key that may be displayed. Here and below, values of the first
    /// API key are empty once it is deleted.
    /// </summary>
    [Id(4)] public required string ApiKeyDisplayPrefix { get; init; }

    /// <summary>Replaced secrets of the first API key that are still valid, latest deadline first.</summary>
    [Id(5)] public required IReadOnlyList<RetiringSecret> RetiringApiKeys { get; init; }

    /// <summary>The id of the current secret of the first API key.</summary>
    [Id(6)] public required SecretId ApiKeyId { get; init; }

    /// <summary>
    /// The time at which the current secret of the first API key last authenticated a request; null when it never did.
    /// </summary>
    [Id(7)] public DateTimeOffset? ApiKeyLastUsedAt { get; init; }

    /// <summary>The name at creation in lower case, and six characters of the id. It never changes.</summary>
    [Id(8)] public string Slug { get; init; } = "";

    /// <summary>The programming language that a client of LangWatch has set; null when none has.</summary>
    [Id(9)] public string? Language { get; init; }

    /// <summary>The framework that a client of LangWatch has set; null when none has.</summary>
    [Id(10)] public string? Framework { get; init; }

    /// <summary>The id or the name of the team that a client of LangWatch has set; null when none has.</summary>
    [Id(11)] public string? TeamId { get; init; }

    /// <summary>The maximum number of virtual keys that are not revoked.</summary>
    [Id(12)] public int MaxVirtualKeys { get; init; } = DefaultMaxVirtualKeys;

    /// <summary>The time at which the project was disabled; null while it is enabled.</summary>
    [Id(13)] public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The reason for which the project was disabled, if one was given.</summary>
    [Id(14)] public string? DisabledReason { get; init; }

    /// <summary>The time at which the project was archived; null when it is not.</summary>
    [Id(15)] public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>The API keys, oldest first.</summary>
    [Id(16)] public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>The time at which the erasure of the project was requested; null when it was not.</summary>
    [Id(17)] public DateTimeOffset? ErasureRequestedAt { get; init; }

    /// <summary>The time at which everything else of the project had been erased; null before.</summary>
    [Id(18)] public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>The webhooks, oldest first.</summary>
    [Id(19)] public IReadOnlyList<Webhook> Webhooks { get; init; } = [];

    /// <summary>The status.</summary>
    public ProjectStatus Status => this switch
    {
        { ArchivedAt: not null } => ProjectStatus.Archived,
        { DisabledAt: not null } => ProjectStatus.Disabled,
        _ => ProjectStatus.Active,
    };
}
