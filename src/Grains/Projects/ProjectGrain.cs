using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// One project with its API keys. The rules are in <see cref="ProjectLifecycle"/> and <see cref="ApiKeyLifecycle"/>.
/// </summary>
[GrainType(GrainTypeNames.Project), CollectionAgeLimit(Minutes = IdleMinutes)]
internal sealed partial class ProjectGrain(
    IGrainContext context,
    StateCache<ProjectState> cache,
    SecretHolderServices services,
    IProjectEraser eraser,
    WebhookUrlRules webhookUrls,
    ILogger<ProjectGrain> logger)
    : SecretHolderGrain<ProjectState>(StorageNames.Project, context, cache, services, logger), IProjectGrain
{
    private static readonly ProjectResult NotFound = new(ChangeOutcome.NotFound, null);

    private ApiKeyId FirstApiKey => ApiKeyId.First(ProjectId.Parse(Key));

    public async Task<ProjectResult> Create(CreateProjectCommand command)
    {
        var existing = State;
        if (existing is null && command.ReplayOnly)
        {
            DeactivateIfEmpty();
            return NotFound;
        }

        var result = await Changes.ExecuteAsync(
            existing,
            now => existing is not null
                ? SecretHolderLifecycle.RepeatCreate(existing, command.ApiKey)
                : ProjectLifecycle.Create(Key, command, StoredSecret.From(command.ApiKey, Pepper, now), now),
            command.GetCaller(ProjectId.Parse(Key)),
            command.Idempotency);
        DeactivateIfEmpty();
        return CreateResult(result);
    }

    public async ValueTask<Project?> Get() => (await ReadLatestAsync())?.ToProject(Time.GetUtcNowMilliseconds());

    public async Task<ProjectResult> Update(UpdateProjectCommand command)
    {
        if (FindProject() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => ProjectLifecycle.Update(project, command, now)));
    }

    public async Task<ProjectResult> Disable(Caller caller, string? reason)
    {
        if (FindProject() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => ProjectLifecycle.Disable(project, caller, reason, now)));
    }

    public async Task<ProjectResult> Enable(Caller caller)
    {
        if (FindProject() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => ProjectLifecycle.Enable(project, caller, now)));
    }

    public async Task<ProjectResult> Archive(Caller caller)
    {
        if (GetStateOrDeactivate() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => ProjectLifecycle.Archive(project, caller, now)));
    }

    public async Task<ProjectResult> Erase(Caller caller)
    {
        if (GetStateOrDeactivate() is not { } project) return NotFound;
        var result = await Changes.ExecuteAsync(
            project, now => ProjectLifecycle.RequestErasure(project, caller, now));
        if (result.State is { IsBeingErased: true }) ScheduleErasure(TimeSpan.Zero);
        return CreateResult(result);
    }

    public async Task<ProjectResult> CreateApiKey(CreateApiKeyCommand command)
    {
        if (FindProject() is not { } project) return NotFound;

        // First what no record can permit: a record cannot be found while its pepper is missing.
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, command, replayed: null, now)) is { } refused)
            return refused;
        var replayed = Changes.FindRecord(project, command.Idempotency) is { } record
            ? project.FindApiKeyBySecret(record.SecretId)
            : null;
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, command, replayed, now)) is { } denied)
            return denied;
        var result = await Changes.ExecuteAsync(
            project,
            now => ApiKeyLifecycle.Create(project, command, Pepper, now),
            command.Caller,
            command.Idempotency);

        // A replay returns the API key that the first request has created, with its first id.
        return CreateResult(result, result.State?.FindApiKeyBySecret(GetSecretId(result, command.Secret))?.Id);
    }

    public async Task<ProjectResult> UpdateApiKey(UpdateApiKeyCommand command)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindApiKey(command.Id.ToString()) is not { } key) return ApiKeyNotFound(project);
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, key, command, now)) is { } denied)
            return denied;
        return CreateResult(
            await Changes.ExecuteAsync(project, now => ApiKeyLifecycle.Update(project, key, command, now)), key.Id);
    }

    public async Task<ProjectResult> DeleteApiKey(Caller caller, ApiKeyId id)
    {
        if (FindProject() is not { } project) return NotFound;
        if (Deny(project, now => ApiKeyAuthorization.FindDeleteDenial(project, caller, now)) is { } denied)
            return denied;
        return CreateResult(await Changes.ExecuteAsync(project, now => project.FindApiKey(id.ToString()) is { } key
            ? ApiKeyLifecycle.Delete(project, key, caller, now)

            // An earlier attempt may have failed to invalidate some cache.
            : new(ChangeOutcome.ApiKeyNotFound, project, RequiresInvalidation: true)));
    }

    public Task<ProjectResult> RotateApiKey(RotateSecretCommand command) => RotateApiKey(command, FirstApiKey);

    public async Task<ProjectResult> RotateApiKey(RotateSecretCommand command, ApiKeyId id)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindApiKey(id.ToString()) is not { } key) return ApiKeyNotFound(project);

        // First what no record can permit: a record cannot be found while its pepper is missing.
        if (Deny(project, now => ApiKeyAuthorization.FindReplayDenial(project, key, command, now)) is { } refused)
            return refused;
        var record = Changes.FindRecord(project, command.Idempotency);
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, key, command, record, now)) is { } denied)
            return denied;

        // The record may expire after that check: what may be replayed may still not be rotated.
        return CreateResult(
            await Changes.ExecuteAsync(
                project,
                now => ApiKeyAuthorization.FindDenial(project, key, command, record: null, now) is { } denial
                    ? new(denial.Outcome, project)
                    : ApiKeyLifecycle.Rotate(project, key, command, Pepper, now, Clock.GetEraseBefore(now)),
                command.Caller,
                command.Idempotency),
            key.Id);
    }

    public Task<ProjectResult> ExpireRetiringApiKeys(ExpireRetiringSecretsCommand command) =>
        ExpireRetiringSecrets(command, FirstApiKey);

    public async Task<ProjectResult> ExpireRetiringSecrets(ExpireRetiringSecretsCommand command, ApiKeyId id)
    {
        if (FindProject() is not { } project) return NotFound;
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, command, now)) is { } denied) return denied;
        if (project.FindApiKey(id.ToString()) is not { } key) return ApiKeyNotFound(project);
        return CreateResult(
            await Changes.ExecuteAsync(project, now => ApiKeyLifecycle.ExpireRetiring(project, key, command, now)),
            key.Id);
    }

    public Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command) => ChangeDeadline(command, FirstApiKey);

    public async Task<ProjectResult> ChangeDeadline(ChangeDeadlineCommand command, ApiKeyId id)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindApiKey(id.ToString()) is not { } key) return ApiKeyNotFound(project);
        if (Deny(project, now => ApiKeyAuthorization.FindDenial(project, key, command, now)) is { } denied)
            return denied;
        return CreateResult(
            await Changes.ExecuteAsync(project, now => ApiKeyLifecycle.ChangeDeadline(project, key, command, now)),
            key.Id);
    }

    public Task RecordUse(SecretId secret, DateTimeOffset at)
    {
        TrackUse(secret, at);
        return Task.CompletedTask;
    }

    public Task RecordUse(SecretId secret, DateTimeOffset at, Sha256Digest digest)
    {
        TrackUse(secret, at, digest);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Erases a batch of a project at a time, so that other calls wait for one batch at most. After a crash, the
    /// erasure reminder continues.
    /// </summary>
    protected override async Task<ProjectState> EraseAsync(ProjectState state, DateTimeOffset now)
    {
        if (!state.IsBeingErased)
        {
            var remaining = await base.EraseAsync(state, now);
            return WebhookLifecycle.EraseExpired(remaining, now, Clock.GetEraseBefore(now));
        }

        if (await eraser.EraseBatchAsync(Key, CancellationToken.None)) return ProjectLifecycle.Erase(state, now);
        ScheduleErasure(TimeSpan.Zero);
        return state;
    }

    /// <summary>Returns the project unless it is archived.</summary>
    private ProjectState? FindProject() => GetStateOrDeactivate() is { ArchivedAt: null } project ? project : null;

    /// <summary>
    /// Returns the result for a caller that may not make a change; null if it may. It is checked before the change, so
    /// that the response of an earlier request is not replayed to such a caller either.
    /// </summary>
    private ProjectResult? Deny(ProjectState project, Func<DateTimeOffset, ApiKeyDenial?> findDenial)
    {
        var now = Time.GetUtcNowMilliseconds();
        return findDenial(now) is { } denial
            ? new(denial.Outcome, project.ToProject(now), MissingPermissions: denial.MissingPermissions)
            : null;
    }

    private ProjectResult ApiKeyNotFound(ProjectState project) =>
        new(ChangeOutcome.ApiKeyNotFound, project.ToProject(Time.GetUtcNowMilliseconds()));

    /// <summary>Returns the id of the secret that a create hands out: the new one, or that of a replay.</summary>
    private static string GetSecretId(ChangeResult<ProjectState> result, NewSecret secret) =>
        result.Outcome == ChangeOutcome.Replayed ? result.State!.LastEvent.SecretId! : secret.Id.ToString();

    private static ProjectResult CreateResult(ChangeResult<ProjectState> result, string? apiKeyId = null)
    {
        var apiKey = apiKeyId is null ? null : result.State?.FindApiKey(apiKeyId)?.ToApiKey(result.DecidedAt);
        return new(result.Outcome, result.State?.ToProject(result.DecidedAt), result.SealedSecret, apiKey);
    }
}
