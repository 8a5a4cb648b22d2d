using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>The rules of a project and its API keys as pure functions of its state, a command and now.</summary>
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

    public static Decision<ProjectState> RotateApiKey(
        ProjectState state, StoredSecret apiKey, string actor, DateTimeOffset now)
    {
        var rotated = state.Secrets.Rotate(apiKey, GracePeriod.Default, now);
        return rotated is null
            ? new(ChangeOutcome.TooManyRetiringSecrets, state)
            : new(ChangeOutcome.Done, state with
            {
                Secrets = rotated,
                Revision = state.Revision + 1,
                Change = new Change("rotated", actor, now),
            });
    }

    /// <summary>The project without the hashes of API keys whose deadline has passed.</summary>
    public static ProjectState EraseEnded(ProjectState state, DateTimeOffset now)
    {
        var remaining = state.Secrets.WithoutEnded(now);
        return ReferenceEquals(remaining, state.Secrets) ? state : state with { Secrets = remaining };
    }

    public static bool Authenticates(ProjectState state, ReadOnlySpan<byte> hash, DateTimeOffset now) =>
        state.Secrets.Find(hash) is { } apiKey && !apiKey.HasEnded(now);

    public static Project ToProject(this ProjectState state, DateTimeOffset now) => new()
    {
        Id = ProjectId.Parse(state.Id),
        Name = state.Name,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.Change.At,
        ApiKeyDisplayPrefix = state.Secrets.Current.DisplayPrefix,
        RetiringApiKeys = state.Secrets.Retiring(now),
    };
}
