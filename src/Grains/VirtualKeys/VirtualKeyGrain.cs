using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;
using Lifecycle = KeysCluster.Grains.Owners.SecretOwnerLifecycle;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>One virtual key. What holds is decided in <see cref="VirtualKeyLifecycle"/>.</summary>
[GrainType(GrainTypes.VirtualKey), CollectionAgeLimit(Minutes = MinutesAwake)]
internal sealed class VirtualKeyGrain(
    IGrainContext context,
    HeldStates<VirtualKeyState> held,
    VirtualKeyValidation validation,
    SecretOwnerServices services,
    ILogger<VirtualKeyGrain> logger)
    : SecretOwnerGrain<VirtualKeyState, VirtualKey>(StorageNames.VirtualKey, context, held, services, logger), IVirtualKeyGrain
{
    public async Task<VirtualKeyResult> Create(CreateVirtualKey command)
    {
        var existing = Published;
        if (existing is not null && existing.ProjectId != command.Caller.Project.ToString())
            return new(ChangeOutcome.AlreadyExists, null);

        var answer = await Change(existing, command.Idempotency, now => existing is not null
            ? Lifecycle.CreateAgain<VirtualKeyState, VirtualKey>(existing, command.Secret)
            : VirtualKeyLifecycle.Create(
                this.GetPrimaryKeyString(), command, StoredSecret.Of(command.Secret, Pepper, now), now));
        return Result(answer);
    }

    public async ValueTask<VirtualKey?> Get(Caller caller) =>
        Owned(await Current(), caller) is { } state ? View(state, Time.GetNow()) : null;

    public Task<VirtualKeyResult> Update(UpdateVirtualKey command) =>
        Change(command.Caller, (state, now) => VirtualKeyLifecycle.Update(state, command, now));

    public Task<VirtualKeyResult> Rotate(RotateSecret command) => Change(
        command.Caller,
        (state, now) => VirtualKeyLifecycle.UnlessRevoked(state, key => Lifecycle.Rotate<VirtualKeyState, VirtualKey>(
            key, StoredSecret.Of(command.Secret, Pepper, now), command, now)),
        command.Idempotency);

    public Task<VirtualKeyResult> CutRetiringSecrets(CutRetiringSecrets command) => Change(
        command.Caller,
        (state, now) => VirtualKeyLifecycle.UnlessRevoked(
            state, key => Lifecycle.Cut<VirtualKeyState, VirtualKey>(key, command, now)));

    public Task<VirtualKeyResult> MoveDeadline(MoveDeadline command) => Change(
        command.Caller,
        (state, now) => VirtualKeyLifecycle.UnlessRevoked(
            state, key => Lifecycle.MoveDeadline<VirtualKeyState, VirtualKey>(key, command, now)));

    public Task<VirtualKeyResult> Disable(Caller caller, string? reason) =>
        Change(caller, (state, now) => VirtualKeyLifecycle.Disable(state, caller, reason, now));

    public Task<VirtualKeyResult> Enable(Caller caller) =>
        Change(caller, (state, now) => VirtualKeyLifecycle.Enable(state, caller, now));

    public Task<VirtualKeyResult> Revoke(Caller caller) =>
        Change(caller, (state, now) => VirtualKeyLifecycle.Revoke(state, caller, now));

    public ValueTask<Verdict> Validate(SecretDigest digest, ProjectId? project)
    {
        var presented = new PresentedSecret(digest);
        return validation.TryProve(Key, presented, project, out var proven) ? new(Used(proven)) : Read(presented, project);
    }

    public Task RecordUse(SecretId secret, DateTimeOffset at)
    {
        Record(secret, at);
        return Task.CompletedTask;
    }

    private async ValueTask<Verdict> Read(PresentedSecret presented, ProjectId? project) =>
        Used(await validation.Read(Key, presented, project));

    private Verdict Used(Judgement judgement)
    {
        if (judgement.Verdict.IsValid) Uses.Record(judgement.Secret!.Secret.Id, judgement.At);
        else Existing();
        return judgement.Verdict;
    }

    private async Task<VirtualKeyResult> Change(
        Caller caller,
        Func<VirtualKeyState, DateTimeOffset, Decision<VirtualKeyState>> rule,
        IdempotentRequest? request = null)
    {
        if (Owned(Existing(), caller) is not { } state) return new(ChangeOutcome.NotFound, null);
        return Result(await Change(state, request, now => rule(state, now)!));
    }

    /// <summary>The key when it belongs to the caller.</summary>
    private static VirtualKeyState? Owned(VirtualKeyState? state, Caller caller) =>
        state?.ProjectId == caller.Project.ToString() ? state : null;

    private static VirtualKeyResult Result(Answer answer) => new(answer.Outcome, answer.View, answer.SealedSecret);
}
