using KeysCluster.Grains.Owners;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>A project as storage keeps it. Names and meanings are a storage contract: add, never change.</summary>
internal sealed record ProjectState : SecretOwner<Project>
{
    public override Project View(DateTimeOffset now) => new()
    {
        Id = ProjectId.Parse(Id),
        Name = Name,
        CreatedAt = CreatedAt,
        UpdatedAt = Change.At,
        ApiKeyId = SecretId.Parse(Secrets.Current.Id),
        ApiKeyDisplayPrefix = Secrets.Current.DisplayPrefix,
        ApiKeyLastUsedAt = Secrets.Current.LastUsedAt,
        RetiringApiKeys = Secrets.Retiring(now),
    };
}
