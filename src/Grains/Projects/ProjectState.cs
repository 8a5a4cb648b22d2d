using System.Text.Json.Serialization;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The stored state of a project. JSON names and meanings are a storage contract: members are added, never changed.
/// </summary>
/// <remarks>
/// <see cref="SecretHolderState.Secrets"/> contains the secrets of the API key with which the project was created, as
/// long as it has every permission and no expiry: earlier builds authenticate it. Any other API key is in
/// <see cref="ApiKeys"/>, which earlier builds do not read. Source: docs/adr/0019-api-keys.md.
/// </remarks>
internal sealed partial record ProjectState : SecretHolderState
{
    private const int ApiKeySize = 300;

    /// <summary>The API keys that are not in <see cref="SecretHolderState.Secrets"/>; null for none.</summary>
    [JsonPropertyName("api_keys")]
    public IReadOnlyList<ApiKeyState>? OtherApiKeys { get; init; }

    /// <summary>Whether <see cref="SecretHolderState.Secrets"/> contains no API key any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFirstApiKeyMoved { get; init; }

    /// <summary>Null for none.</summary>
    [JsonPropertyName("webhooks")]
    public IReadOnlyList<WebhookState>? StoredWebhooks { get; init; }

    /// <summary>Null in a state of an earlier build.</summary>
    public string? Slug { get; init; }

    public string? Language { get; init; }

    public string? Framework { get; init; }

    public string? TeamId { get; init; }

    /// <summary>The maximum number of virtual keys, which the database enforces; null for the default.</summary>
    public int? MaxVirtualKeys { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>
    /// When the administrator had the archived project erased. The database then records no deletions.
    /// </summary>
    public DateTimeOffset? ErasureRequestedAt { get; init; }

    /// <summary>
    /// When nothing but this state remained of the project. It keeps its keys invalid in every cache.
    /// </summary>
    public DateTimeOffset? ErasedAt { get; init; }

    [JsonIgnore]
    public override string GrainType => GrainTypeNames.Project;

    [JsonIgnore]
    public override bool IsUsableFromCache => Status == ProjectStatus.Active;

    [JsonIgnore]
    public ProjectStatus Status => this switch
    {
        { ArchivedAt: not null } => ProjectStatus.Archived,
        { DisabledAt: not null } => ProjectStatus.Disabled,
        _ => ProjectStatus.Active,
    };

    [JsonIgnore]
    public override IReadOnlyList<SecretSet> SecretSets => [.. ApiKeys.Select(key => key.Secrets)];

    /// <summary>Requested erasures continue after a crash, because the erasure reminder is due.</summary>
    public override DateTimeOffset? EraseAt => IsBeingErased
        ? ErasureRequestedAt
        : Webhooks.SelectMany(webhook => webhook.Secrets).Min(secret => secret.ValidUntil) is { } webhookSecret
            ? Earlier(webhookSecret, base.EraseAt)
            : base.EraseAt;

    [JsonIgnore]
    public bool IsBeingErased => ErasureRequestedAt is not null && ErasedAt is null;

    public override SecretHolderState MapSecrets(Func<SecretSet, SecretSet> map)
    {
        ApiKeyState Map(ApiKeyState key)
        {
            var secrets = map(key.Secrets);
            return ReferenceEquals(secrets, key.Secrets) ? key : key with { Secrets = secrets };
        }

        var first = IsFirstApiKeyMoved ? Secrets : map(Secrets);
        var others = OtherApiKeys?.Select(Map).ToList();
        var isSame = ReferenceEquals(first, Secrets)
            && (others ?? []).Zip(OtherApiKeys ?? []).All(pair => ReferenceEquals(pair.First, pair.Second));
        return isSame ? this : this with { Secrets = first, OtherApiKeys = others };
    }

    protected override IEnumerable<DateTimeOffset?> GetExpiries() => ApiKeys.Select(key => key.ExpiresAt);

    public override int EstimateSize() => base.EstimateSize()
        + (OtherApiKeys ?? []).Sum(key =>
            ApiKeySize + MemorySize.Estimate(key.Name) + MemorySize.Estimate(key.Permissions ?? []))
        + Webhooks.Sum(webhook => webhook.EstimateSize())
        + MemorySize.Estimate(DisabledReason)
        + MemorySize.Estimate(Slug)
        + MemorySize.Estimate(Language)
        + MemorySize.Estimate(Framework)
        + MemorySize.Estimate(TeamId);

    /// <summary>
    /// Returns the verdict code of a secret of an API key. A disabled project does not change it: the API reports that.
    /// </summary>
    public override VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now)
    {
        if (ArchivedAt is not null) return VerdictCode.Revoked;
        if (secret.HasExpired(now)) return VerdictCode.ExpiredSecret;
        if (FindApiKeyBySecret(secret.Id)!.HasExpired(now)) return VerdictCode.Expired;
        return secret.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring;
    }

    public override AuthenticatedApiKey ToAuthenticatedApiKey(StoredSecret secret)
    {
        var key = FindApiKeyBySecret(secret.Id)!;
        return new AuthenticatedApiKey(
            ApiKeyId.Parse(key.Id),
            SecretId.Parse(secret.Id),
            key.GrantedPermissions,
            secret.ValidUntil is not null,
            Status);
    }

    public override bool BelongsTo(ProjectId project) => Id == project.ToString();

    public override VirtualKey? ToVirtualKey(DateTimeOffset now) => null;

    public Project ToProject(DateTimeOffset now) => new()
    {
        Id = ProjectId.Parse(Id),
        Name = Name,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        ApiKeyId = SecretId.Parse(First.CurrentSecret.Id),
        ApiKeyDisplayPrefix = First.CurrentSecret.DisplayPrefix,
        ApiKeyLastUsedAt = First.CurrentSecret.LastUsedAt,
        RetiringApiKeys = First.GetRetiringSecrets(now),
        Slug = Slug ?? ProjectSlug.Create(Name, Id),
        Language = Language,
        Framework = Framework,
        TeamId = TeamId,
        MaxVirtualKeys = MaxVirtualKeys ?? Project.DefaultMaxVirtualKeys,
        DisabledAt = DisabledAt,
        DisabledReason = DisabledReason,
        ArchivedAt = ArchivedAt,
        ErasureRequestedAt = ErasureRequestedAt,
        ErasedAt = ErasedAt,
        ApiKeys = [.. ApiKeys.Select(key => key.ToApiKey(now))],
        Webhooks = [.. Webhooks.Select(webhook => webhook.ToWebhook(now))],
    };

    private static DateTimeOffset Earlier(DateTimeOffset time, DateTimeOffset? other) =>
        other < time ? other.Value : time;
}
