using System.Text.Json.Serialization;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The stored state of a virtual key. JSON names and meanings are a storage contract: members are added, never changed.
/// </summary>
internal sealed record VirtualKeyState : SecretHolderState
{
    /// <summary>
    /// The memory of the <see cref="VirtualKey"/> that verdicts show, whose texts are those of the state.
    /// </summary>
    private const int ViewSize = 400;

    private const int RetiringSecretSize = 80;

    public required string ProjectId { get; init; }

    public string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    [JsonIgnore]
    public override string GrainType => GrainTypeNames.VirtualKey;

    public override DateTimeOffset? GetMaxDeadline() => ExpiresAt;

    public override VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now)
    {
        if (RevokedAt is not null) return VerdictCode.Revoked;
        if (secret.HasExpired(now)) return VerdictCode.ExpiredSecret;
        if (ExpiresAt <= now) return VerdictCode.Expired;
        if (DisabledAt is not null) return VerdictCode.Disabled;
        return secret.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring;
    }

    public override bool BelongsTo(KeysCluster.Projects.ProjectId project) => ProjectId == project.ToString();

    public override int EstimateSize() => base.EstimateSize()
        + ViewSize
        + RetiringSecretSize * Secrets.Replaced.Length
        + MemorySize.Estimate(Description)
        + MemorySize.Estimate(PrincipalUserId)
        + MemorySize.Estimate(DisabledReason)
        + MemorySize.Estimate(ProviderCredentialIds);

    public override VirtualKey ToVirtualKey(DateTimeOffset now) => new()
    {
        Id = VirtualKeyId.Parse(Id),
        ProjectId = KeysCluster.Projects.ProjectId.Parse(ProjectId),
        Name = Name,
        Description = Description,
        Environment = Environment,
        PrincipalUserId = PrincipalUserId,
        ProviderCredentialIds = ProviderCredentialIds,
        Revision = Revision,
        SecretId = SecretId.Parse(Secrets.CurrentSecret.Id),
        DisplayPrefix = Secrets.CurrentSecret.DisplayPrefix,
        SecretLastUsedAt = Secrets.CurrentSecret.LastUsedAt,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        LastUsedAt = LastUsedAt,
        ExpiresAt = ExpiresAt,
        DisabledAt = DisabledAt,
        DisabledReason = DisabledReason,
        RevokedAt = RevokedAt,
        RetiringSecrets = RevokedAt is not null ? [] : Secrets.GetRetiringSecrets(now),
    };
}
