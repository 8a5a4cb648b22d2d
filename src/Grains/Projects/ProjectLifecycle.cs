using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The rules of a project, as pure functions. Those of its API keys are in <see cref="ApiKeyLifecycle"/>.
/// </summary>
internal static class ProjectLifecycle
{
    public static Decision<ProjectState> Create(
        string id, CreateProjectCommand command, StoredSecret apiKey, DateTimeOffset now) =>
        new(ChangeOutcome.Done, new ProjectState
        {
            Id = id,
            Name = command.Name,
            Slug = ProjectSlug.Create(command.Name, id),
            Language = command.Language,
            Framework = command.Framework,
            TeamId = command.TeamId,
            Secrets = new SecretSet { CurrentSecret = apiKey },
            Revision = 1,
            CreatedAt = now,
            ChangedAt = now,
            LastEvent = StateEvent.Create(EventTypes.Created, command.GetCaller(ProjectId.Parse(id)), now, apiKey.Id),
        });

    /// <summary>Sets the fields of the command. The slug does not follow the name.</summary>
    public static Decision<ProjectState> Update(ProjectState state, UpdateProjectCommand command, DateTimeOffset now)
    {
        var next = state with
        {
            Name = command.Name ?? state.Name,
            MaxVirtualKeys = command.ClearsMaxVirtualKeys ? null : command.MaxVirtualKeys ?? state.MaxVirtualKeys,
            Language = command.ClearsLanguage ? null : command.Language ?? state.Language,
            Framework = command.ClearsFramework ? null : command.Framework ?? state.Framework,
            TeamId = command.ClearsTeamId ? null : command.TeamId ?? state.TeamId,
        };
        if (next == state) return new(ChangeOutcome.Done, state);
        next = next with { Slug = state.Slug ?? ProjectSlug.Create(state.Name, state.Id) };
        return new(
            ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(next, EventTypes.Updated, command.Caller, now));
    }

    /// <summary>
    /// Disables the project, which can be reverted. Disabling it again changes nothing and keeps the first reason.
    /// </summary>
    public static Decision<ProjectState> Disable(
        ProjectState state, Caller caller, string? reason, DateTimeOffset now)
    {
        if (state.DisabledAt is not null) return new(ChangeOutcome.Done, state, RequiresInvalidation: true);
        var disabled = state with { DisabledAt = now, DisabledReason = reason };
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(disabled, EventTypes.Disabled, caller, now),
            RequiresInvalidation: true);
    }

    public static Decision<ProjectState> Enable(ProjectState state, Caller caller, DateTimeOffset now)
    {
        if (state.DisabledAt is null) return new(ChangeOutcome.Done, state);
        var enabled = state with { DisabledAt = null, DisabledReason = null };
        return new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(enabled, EventTypes.Enabled, caller, now));
    }

    /// <summary>Archives the project, which is final.</summary>
    public static Decision<ProjectState> Archive(ProjectState state, Caller caller, DateTimeOffset now)
    {
        if (state.ArchivedAt is not null) return new(ChangeOutcome.Done, state, RequiresInvalidation: true);
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(state with { ArchivedAt = now }, EventTypes.Archived, caller, now),
            RequiresInvalidation: true);
    }

    /// <summary>Requests that the archived project is erased. The erasure reminder is due at once.</summary>
    public static Decision<ProjectState> RequestErasure(ProjectState state, Caller caller, DateTimeOffset now)
    {
        if (state.ArchivedAt is null) return new(ChangeOutcome.ProjectNotArchived, state);
        if (state.ErasureRequestedAt is not null) return new(ChangeOutcome.Done, state);
        var requested = state with { ErasureRequestedAt = now };
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(requested, EventTypes.ErasureRequested, caller, now));
    }

    /// <summary>Returns what remains of a project after its virtual keys and events were erased.</summary>
    public static ProjectState Erase(ProjectState state, DateTimeOffset now)
    {
        var erased = new ProjectState
        {
            Id = state.Id,
            Name = "",
            Slug = "",
            IsFirstApiKeyMoved = true,
            Secrets = new SecretSet
            {
                CurrentSecret = state.Secrets.CurrentSecret with { Hash = [], DisplayPrefix = "", IsExpired = true },
            },
            Revision = state.Revision,
            CreatedAt = state.CreatedAt,
            ArchivedAt = state.ArchivedAt,
            ErasureRequestedAt = state.ErasureRequestedAt,
            ErasedAt = now,
            LastEvent = state.LastEvent,
        };
        return SecretHolderLifecycle.WithEvent(
            erased, EventTypes.ProjectErased, SecretHolderLifecycle.ErasingCaller, now);
    }
}
