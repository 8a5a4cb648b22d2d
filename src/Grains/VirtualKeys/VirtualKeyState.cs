using System.Text.Json.Serialization;
using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>A virtual key as storage keeps it. Names and meanings are a storage contract: add, never change.</summary>
internal sealed record VirtualKeyState : SecretOwner<VirtualKey>
{
    public required string ProjectId { get; init; }

    public string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public override DateTimeOffset? LatestDeadline() => ExpiresAt;

    [JsonIgnore]
    public override bool IsOver => RevokedAt is not null;

    public override DateTimeOffset? EndOf(StoredSecret secret)
    {
        if (IsOver || DisabledAt is not null) return DateTimeOffset.MinValue;
        DateTimeOffset?[] ends = [secret.ValidUntil, ExpiresAt];
        return ends.Min();
    }

    /// <summary>When a deadline or the expiry next changes what this state says by itself.</summary>
    public DateTimeOffset NextEnd(DateTimeOffset now) => Secrets.All()
        .Select(secret => secret.ValidUntil)
        .Append(ExpiresAt)
        .Where(end => end > now)
        .Min() ?? DateTimeOffset.MaxValue;

    public override VirtualKey View(DateTimeOffset now) => new()
    {
        Id = VirtualKeyId.Parse(Id),
        ProjectId = KeysCluster.Projects.ProjectId.Parse(ProjectId),
        Name = Name,
        Description = Description,
        Environment = Environment,
        PrincipalUserId = PrincipalUserId,
        ProviderCredentialIds = ProviderCredentialIds,
        Revision = Revision,
        SecretId = SecretId.Parse(Secrets.Current.Id),
        DisplayPrefix = Secrets.Current.DisplayPrefix,
        SecretLastUsedAt = Secrets.Current.LastUsedAt,
        CreatedAt = CreatedAt,
        UpdatedAt = Change.At,
        LastUsedAt = LastUsedAt,
        ExpiresAt = ExpiresAt,
        DisabledAt = DisabledAt,
        DisabledReason = DisabledReason,
        RevokedAt = RevokedAt,
        RetiringSecrets = RevokedAt is null ? Secrets.Retiring(now) : [],
    };
}
