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
internal sealed record ProjectState : SecretHolderState
{
    private const string FirstApiKeyName = "First API key";

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

    /// <summary>All API keys, oldest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ApiKeyState> ApiKeys =>
        IsFirstApiKeyMoved ? OtherApiKeys ?? [] : [CreateFirstApiKey(), .. OtherApiKeys ?? []];

    [JsonIgnore]
    public override IReadOnlyList<SecretSet> SecretSets => [.. ApiKeys.Select(key => key.Secrets)];

    /// <summary>All webhooks, oldest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<WebhookState> Webhooks => StoredWebhooks ?? [];

    /// <summary>Requested erasures continue after a crash, because the erasure reminder is due.</summary>
    public override DateTimeOffset? EraseAt => IsBeingErased
        ? ErasureRequestedAt
        : Webhooks.SelectMany(webhook => webhook.Secrets).Min(secret => secret.ValidUntil) is { } webhookSecret
            ? Earlier(webhookSecret, base.EraseAt)
            : base.EraseAt;

    [JsonIgnore]
    public bool IsBeingErased => ErasureRequestedAt is not null && ErasedAt is null;

    public ApiKeyState? FindApiKey(string id) => ApiKeys.FirstOrDefault(key => key.Id == id);

    public ApiKeyState? FindApiKeyBySecret(string secretId) =>
        ApiKeys.FirstOrDefault(key => key.Secrets.Find(secretId) is not null);

    public ProjectState AddApiKey(ApiKeyState key) => this with { OtherApiKeys = [.. OtherApiKeys ?? [], key] };

    /// <summary>Replaces the API key with the same id.</summary>
    public ProjectState ReplaceApiKey(ApiKeyState key)
    {
        if (IsFirstApiKeyMoved || key.Id != GetFirstApiKeyId())
        {
            return this with
            {
                OtherApiKeys = [.. (OtherApiKeys ?? []).Select(other => other.Id == key.Id ? key : other)],
            };
        }

        var isUnrestricted = key.Permissions is null && key.ExpiresAt is null && key.Name == FirstApiKeyName;
        return isUnrestricted
            ? this with { Secrets = key.Secrets }
            : WithoutFirstApiKey() with { OtherApiKeys = [key, .. OtherApiKeys ?? []] };
    }

    public ProjectState RemoveApiKey(string id)
    {
        if (!IsFirstApiKeyMoved && id == GetFirstApiKeyId()) return WithoutFirstApiKey();
        var others = (OtherApiKeys ?? []).Where(key => key.Id != id).ToList();
        return this with { OtherApiKeys = others.Count == 0 ? null : others };
    }

    public WebhookState? FindWebhook(string id) => Webhooks.FirstOrDefault(webhook => webhook.Id == id);

    public WebhookState? FindWebhookBySecret(string secretId) =>
        Webhooks.FirstOrDefault(webhook => webhook.Secrets.Any(secret => secret.Id == secretId));

    public ProjectState AddWebhook(WebhookState webhook) => this with { StoredWebhooks = [.. Webhooks, webhook] };

    /// <summary>Replaces the webhook with the same id.</summary>
    public ProjectState ReplaceWebhook(WebhookState webhook) => this with
    {
        StoredWebhooks = [.. Webhooks.Select(other => other.Id == webhook.Id ? webhook : other)],
    };

    public ProjectState RemoveWebhook(string id)
    {
        var others = Webhooks.Where(webhook => webhook.Id != id).ToList();
        return this with { StoredWebhooks = others.Count == 0 ? null : others };
    }

    /// <summary>
    /// Replaces the secrets of each webhook by the result of a function; returns the same instance when none changes.
    /// </summary>
    public ProjectState MapWebhookSecrets(Func<WebhookState, IReadOnlyList<StoredWebhookSecret>> map)
    {
        var mapped = Webhooks.Select(webhook => (Before: webhook, Secrets: map(webhook))).ToList();
        if (mapped.All(pair => ReferenceEquals(pair.Secrets, pair.Before.Secrets))) return this;
        return this with { StoredWebhooks = [.. mapped.Select(pair => pair.Before with { Secrets = pair.Secrets })] };
    }

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

    /// <summary>The secrets of the first API key; those that it had when it was deleted, made invalid.</summary>
    private SecretSet First => FindApiKey(GetFirstApiKeyId())?.Secrets ?? Secrets;

    private static DateTimeOffset Earlier(DateTimeOffset time, DateTimeOffset? other) =>
        other < time ? other.Value : time;

    private string GetFirstApiKeyId() => ApiKeyId.First(ProjectId.Parse(Id)).ToString();

    private ApiKeyState CreateFirstApiKey() => new()
    {
        Id = GetFirstApiKeyId(),
        Name = FirstApiKeyName,
        CreatedAt = CreatedAt,
        Secrets = Secrets,
    };

    /// <summary>Leaves a secret in its place that nothing matches: earlier builds require one.</summary>
    private ProjectState WithoutFirstApiKey() => this with
    {
        IsFirstApiKeyMoved = true,
        Secrets = new SecretSet { CurrentSecret = Secrets.CurrentSecret with { Hash = [], IsExpired = true } },
    };
}
