using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// One project. Its rules are in <see cref="SecretHolderLifecycle"/> and <see cref="ProjectLifecycle"/>.
/// </summary>
[GrainType(GrainTypeNames.Project), CollectionAgeLimit(Minutes = IdleMinutes)]
internal sealed class ProjectGrain(
    IGrainContext context,
    StateCache<ProjectState> cache,
    SecretHolderServices services,
    ILogger<ProjectGrain> logger)
    : SecretHolderGrain<ProjectState>(StorageNames.Project, context, cache, services, logger), IProjectGrain
{
    private static readonly ProjectResult NotFound = new(ChangeOutcome.NotFound, null);

    public async Task<ProjectResult> Create(CreateProjectCommand command)
    {
        var existing = State;
        if (existing is null && command.ReplayOnly)
        {
            DeactivateIfEmpty();
            return NotFound;
        }

        var result = await Changes.ExecuteAsync(
            existing, command.GetCaller(ProjectId.Parse(Key)), command.Idempotency, now => existing is not null
            ? SecretHolderLifecycle.RepeatCreate(existing, command.ApiKey)
            : ProjectLifecycle.Create(Key, command, StoredSecret.From(command.ApiKey, Pepper, now), now));
        DeactivateIfEmpty();
        return CreateResult(result);
    }

    public async ValueTask<Project?> Get() => (await ReadLatestAsync())?.ToProject(Time.GetUtcNowMilliseconds());

    public async Task<ProjectResult> RotateApiKey(RotateSecretCommand command)
    {
        if (GetStateOrDeactivate() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project,
            command.Caller,
            command.Idempotency,
            now => SecretHolderLifecycle.Rotate(
                project, StoredSecret.From(command.Secret, Pepper, now), command, now, Clock.GetEraseBefore(now))));
    }

    public async Task<ProjectResult> ExpireRetiringApiKeys(ExpireRetiringSecretsCommand command)
    {
        if (GetStateOrDeactivate() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => SecretHolderLifecycle.ExpireRetiringSecrets(project, command, now)));
    }

    public async Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command)
    {
        if (GetStateOrDeactivate() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => SecretHolderLifecycle.ChangeDeadline(project, command, now)));
    }

    public Task RecordUse(SecretId secret, DateTimeOffset at)
    {
        TrackUse(secret, at);
        return Task.CompletedTask;
    }

    private static ProjectResult CreateResult(ChangeResult<ProjectState> result) =>
        new(result.Outcome, result.State?.ToProject(result.DecidedAt), result.SealedSecret);
}
