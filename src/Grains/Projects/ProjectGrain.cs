using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.Extensions.Logging;
using Lifecycle = KeysCluster.Grains.Owners.SecretOwnerLifecycle;

namespace KeysCluster.Grains.Projects;

/// <summary>One project. What holds is decided in <see cref="SecretOwnerLifecycle"/>.</summary>
[GrainType(GrainTypes.Project), CollectionAgeLimit(Minutes = MinutesAwake)]
internal sealed class ProjectGrain(
    IGrainContext context,
    HeldStates<ProjectState> held,
    ProjectAuthentication authentication,
    SecretOwnerServices services,
    ILogger<ProjectGrain> logger)
    : SecretOwnerGrain<ProjectState, Project>(StorageNames.Project, context, held, services, logger), IProjectGrain
{
    public async Task<ProjectResult> Create(CreateProject command)
    {
        var existing = Published;
        return Result(await Change(existing, command.Idempotency, now => existing is not null
            ? Lifecycle.CreateAgain<ProjectState, Project>(existing, command.ApiKey)
            : new(ChangeOutcome.Done, ProjectLifecycle.Create(
                this.GetPrimaryKeyString(), command, StoredSecret.Of(command.ApiKey, Pepper, now), now))));
    }

    public async ValueTask<Project?> Get() => await Current() is { } state ? View(state, Time.GetNow()) : null;

    public Task<ProjectResult> RotateApiKey(RotateSecret command) => Change(
        (state, now) => Lifecycle.Rotate<ProjectState, Project>(
            state, StoredSecret.Of(command.Secret, Pepper, now), command, now),
        command.Idempotency);

    public Task<ProjectResult> CutRetiringApiKeys(CutRetiringSecrets command) =>
        Change((state, now) => Lifecycle.Cut<ProjectState, Project>(state, command, now));

    public Task<ProjectResult> MoveDeadline(MoveDeadline command) =>
        Change((state, now) => Lifecycle.MoveDeadline<ProjectState, Project>(state, command, now));

    public async ValueTask<bool> Authenticate(SecretDigest digest)
    {
        var presented = new PresentedSecret(digest);
        var apiKey = authentication.Prove(Key, presented) ?? await authentication.Read(Key, presented);
        if (apiKey is { } proven) Uses.Record(proven.Secret.Secret.Id, proven.At);
        else Existing();
        return apiKey is not null;
    }

    public Task RecordUse(SecretId secret, DateTimeOffset at)
    {
        Record(secret, at);
        return Task.CompletedTask;
    }

    private async Task<ProjectResult> Change(
        Func<ProjectState, DateTimeOffset, Decision<ProjectState>> rule, IdempotentRequest? request = null)
    {
        if (Existing() is not { } state) return new(ChangeOutcome.NotFound, null);
        return Result(await Change(state, request, now => rule(state, now)!));
    }

    private static ProjectResult Result(Answer answer) => new(answer.Outcome, answer.View, answer.SealedSecret);
}
