using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Lifecycle = KeysCluster.Grains.Owners.SecretOwnerLifecycle;

namespace KeysCluster.Grains.Projects;

/// <summary>One project. What holds is decided in <see cref="SecretOwnerLifecycle"/>.</summary>
[GrainType("project")]
internal sealed class ProjectGrain(
    IGrainContext context,
    Pepper pepper,
    KeysInstruments instruments,
    ILogger<ProjectGrain> logger,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
    : SecretOwnerGrain<ProjectState, Project>(StorageNames.Project, context, pepper, instruments, logger, time),
        IProjectGrain
{
    public async Task<ProjectResult> Create(CreateProject command)
    {
        var existing = Published;
        return Result(await Change(existing, command.Idempotency, now => existing is not null
            ? new(ChangeOutcome.AlreadyExists, null)
            : new(ChangeOutcome.Done, ProjectLifecycle.Create(
                this.GetPrimaryKeyString(), command, StoredSecret.Of(command.ApiKey, Pepper, now), now))));
    }

    public ValueTask<Project?> Get() => new(Existing() is { } state ? View(state, Time.GetNow()) : null);

    public Task<ProjectResult> RotateApiKey(RotateSecret command) => Change(
        (state, now) => Lifecycle.Rotate<ProjectState, Project>(
            state, StoredSecret.Of(command.Secret, Pepper, now), command, now),
        command.Idempotency);

    public Task<ProjectResult> CutRetiringApiKeys(CutRetiringSecrets command) =>
        Change((state, now) => Lifecycle.Cut<ProjectState, Project>(state, command, now));

    public Task<ProjectResult> MoveDeadline(MoveDeadline command) =>
        Change((state, now) => Lifecycle.MoveDeadline<ProjectState, Project>(state, command, now));

    public ValueTask<bool> Authenticate(SecretDigest digest)
    {
        var now = Time.GetNow();
        if (Existing()?.Secrets.Find(Pepper.Hash(digest)) is not { } apiKey || apiKey.HasEnded(now)) return new(false);
        Uses.Record(apiKey.Id, now);
        return new(true);
    }

    private async Task<ProjectResult> Change(
        Func<ProjectState, DateTimeOffset, Decision<ProjectState>> rule, IdempotentRequest? request = null)
    {
        if (Existing() is not { } state) return new(ChangeOutcome.NotFound, null);
        return Result(await Change(state, request, now => rule(state, now)!));
    }

    private static ProjectResult Result(Answer answer) => new(answer.Outcome, answer.View, answer.SealedSecret);
}
