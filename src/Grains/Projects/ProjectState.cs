using System.Text.Json.Serialization;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The stored state of a project. JSON names and meanings are a storage contract: members are added, never changed.
/// </summary>
internal sealed record ProjectState : SecretHolderState
{
    [JsonIgnore]
    public override string GrainType => GrainTypeNames.Project;

    public override VerdictCode Evaluate(StoredSecret secret, DateTimeOffset now)
    {
        if (secret.HasExpired(now)) return VerdictCode.ExpiredSecret;
        return secret.ValidUntil is null ? VerdictCode.Active : VerdictCode.Retiring;
    }

    public override bool BelongsTo(ProjectId project) => Id == project.ToString();

    public override VirtualKey? ToVirtualKey(DateTimeOffset now) => null;

    public Project ToProject(DateTimeOffset now) => new()
    {
        Id = ProjectId.Parse(Id),
        Name = Name,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        ApiKeyId = SecretId.Parse(Secrets.CurrentSecret.Id),
        ApiKeyDisplayPrefix = Secrets.CurrentSecret.DisplayPrefix,
        ApiKeyLastUsedAt = Secrets.CurrentSecret.LastUsedAt,
        RetiringApiKeys = Secrets.GetRetiringSecrets(now),
    };
}
