using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Projects;

/// <summary>The rules of a project, beside those it shares with virtual keys, as pure functions.</summary>
internal static class ProjectLifecycle
{
    public static ProjectState Create(string id, CreateProject command, StoredSecret apiKey, DateTimeOffset now) => new()
    {
        Id = id,
        Name = command.Name,
        Secrets = new SecretSet { Current = apiKey },
        Revision = 1,
        CreatedAt = now,
        Change = new Change("created", command.Actor, now),
    };
}
