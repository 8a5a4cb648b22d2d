using KeysCluster.Grains.Events;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The rules of a project, as pure functions. Rules that virtual keys share are in <see cref="SecretHolderLifecycle"/>.
/// </summary>
internal static class ProjectLifecycle
{
    public static Decision<ProjectState> Create(
        string id, CreateProjectCommand command, StoredSecret apiKey, DateTimeOffset now) =>
        new(ChangeOutcome.Done, new ProjectState
        {
            Id = id,
            Name = command.Name,
            Secrets = new SecretSet { CurrentSecret = apiKey },
            Revision = 1,
            CreatedAt = now,
            ChangedAt = now,
            LastEvent = StateEvent.Create(EventTypes.Created, command.GetCaller(ProjectId.Parse(id)), now, apiKey.Id),
        });
}
