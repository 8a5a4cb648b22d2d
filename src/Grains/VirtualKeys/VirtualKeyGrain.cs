using System.Net;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>One virtual key. Its rules are in <see cref="VirtualKeyLifecycle"/>.</summary>
[GrainType(GrainTypeNames.VirtualKey), CollectionAgeLimit(Minutes = IdleMinutes)]
internal sealed class VirtualKeyGrain(
    IGrainContext context,
    StateCache<VirtualKeyState> cache,
    VirtualKeyVerifier verifier,
    SecretHolderServices services,
    ValidationMetrics metrics,
    ILogger<VirtualKeyGrain> logger)
    : SecretHolderGrain<VirtualKeyState>(StorageNames.VirtualKey, context, cache, services, logger), IVirtualKeyGrain
{
    private static readonly VirtualKeyResult NotFound = new(ChangeOutcome.NotFound, null);

    public async Task<VirtualKeyResult> Create(CreateVirtualKeyCommand command)
    {
        var existing = State;
        if (existing is null && command.ReplayOnly)
        {
            DeactivateIfEmpty();
            return NotFound;
        }

        if (existing is not null && !existing.BelongsTo(command.Caller.Project))
            return new(ChangeOutcome.AlreadyExists, null);

        var result = await Changes.ExecuteAsync(
            existing,
            now => existing is not null
                ? SecretHolderLifecycle.RepeatCreate(existing, command.Secret)
                : VirtualKeyLifecycle.Create(
                    Key, command, StoredSecret.From(command.Secret, Pepper, now, command.IsImported), now),
            command.Caller,
            command.Idempotency);
        DeactivateIfEmpty();
        return CreateResult(result);
    }

    public async ValueTask<VirtualKey?> Get(Caller caller) =>
        await ReadLatestAsync() is { } key && key.BelongsTo(caller.Project)
            ? key.ToVirtualKey(Time.GetUtcNowMilliseconds())
            : null;

    public Task<VirtualKeyResult> Update(UpdateVirtualKeyCommand command) =>
        ChangeAsync(command.Caller, (key, now) => VirtualKeyLifecycle.Update(key, command, now));

    public Task<VirtualKeyResult> Rotate(RotateSecretCommand command) =>
        ChangeAsync(
            command.Caller,
            (key, now) => VirtualKeyLifecycle.Rotate(key, command, Pepper, now, Clock.GetEraseBefore(now)),
            command.Idempotency);

    public Task<VirtualKeyResult> ExpireRetiringSecrets(ExpireRetiringSecretsCommand command) =>
        ChangeAsync(command.Caller, (key, now) => VirtualKeyLifecycle.ExpireRetiringSecrets(key, command, now));

    public Task<VirtualKeyResult> ChangeDeadline(ChangeDeadlineCommand command) =>
        ChangeAsync(command.Caller, (key, now) => VirtualKeyLifecycle.ChangeDeadline(key, command, now));

    public Task<VirtualKeyResult> Disable(Caller caller, string? reason) =>
        ChangeAsync(caller, (key, now) => VirtualKeyLifecycle.Disable(key, caller, reason, now));

    public Task<VirtualKeyResult> Enable(Caller caller) =>
        ChangeAsync(caller, (key, now) => VirtualKeyLifecycle.Enable(key, caller, now));

    public Task<VirtualKeyResult> Revoke(Caller caller) =>
        ChangeAsync(caller, (key, now) => VirtualKeyLifecycle.Revoke(key, caller, now));

    public ValueTask<Verdict> Validate(Sha256Digest digest, ProjectId? project) =>
        Validate(digest, project, permissions: null, address: null);

    public async ValueTask<Verdict> Validate(
        Sha256Digest digest, ProjectId? project, IReadOnlyList<string>? permissions, IPAddress? address)
    {
        var presented = new PresentedSecret(digest);
        var (path, startedAt) = (ValidationPath.Cache, metrics.StartSampled());
        if (!verifier.TryVerifyFromCache(Key, presented, project, permissions, address, out var match))
        {
            (path, startedAt) = (ValidationPath.Storage, metrics.Start());
            match = await verifier.VerifyFromStorageAsync(Key, presented, project);
        }

        var verdict = match.Verdict.Require(permissions, address);
        metrics.Record(path, verdict.Code, startedAt);
        if (verdict.IsValid)
        {
            var secret = match.Secret!.Id.ToString();
            LastUsed.Record(secret, new SecretUse(match.At));
            RehashUsed(secret, digest);
        }
        else
        {
            DeactivateIfEmpty();
        }

        return verdict;
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

    public Task RecordUse(SecretId secret, DateTimeOffset at, Sha256Digest digest, IPAddress address)
    {
        TrackUse(secret, at, digest, address);
        return Task.CompletedTask;
    }

    public async Task RecordExpiry(int daysAhead)
    {
        if (GetStateOrDeactivate() is { } key)
            await Changes.ExecuteAsync(key, now => ExpiryNotices.RecordExpiry(key, daysAhead, now));
    }

    public async Task RecordExpiringSecrets()
    {
        if (GetStateOrDeactivate() is { } key)
            await Changes.ExecuteAsync(key, now => ExpiryNotices.RecordExpiringSecrets(key, now));
    }

    /// <summary>Runs a change of the key when it exists and belongs to the caller.</summary>
    private async Task<VirtualKeyResult> ChangeAsync(
        Caller caller,
        Func<VirtualKeyState, DateTimeOffset, Decision<VirtualKeyState>> decide,
        IdempotentRequest? request = null)
    {
        if (GetStateOrDeactivate() is not { } key || !key.BelongsTo(caller.Project)) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(key, now => decide(key, now), caller, request));
    }

    private static VirtualKeyResult CreateResult(ChangeResult<VirtualKeyState> result) =>
        new(result.Outcome, result.State?.ToVirtualKey(result.DecidedAt), result.SealedSecret);
}
