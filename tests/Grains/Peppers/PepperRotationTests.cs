using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using static KeysCluster.Grains.Tests.TestData;

namespace KeysCluster.Grains.Tests.Peppers;

/// <summary>
/// The peppers of a silo change while it serves. Each test starts with <see cref="TestData.Pepper"/> only.
/// </summary>
public sealed class PepperRotationTests : IClassFixture<KeysTestCluster>
{
    private static readonly Pepper Old = TestData.Pepper;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly KeysTestCluster _cluster;

    public PepperRotationTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        SetPeppers(Old);
    }

    [Fact]
    public async Task A_used_secret_is_rehashed_with_the_next_write_of_its_last_use()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        var second = await key.RotateAsync();
        var before = await key.GetAsync();
        SetPeppers(NextPepper, Old);

        await key.UseAsync(second);
        _cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        Assert.Equal(3, key.Writes.Count);
        var secrets = key.Stored.Secrets;
        Assert.Equal(NextPepper.Id, secrets.CurrentSecret.PepperId);
        Assert.Equal(NextPepper.Hash(second.ComputeDigest()), secrets.CurrentSecret.Hash);
        Assert.Equal(Old.Id, Assert.Single(secrets.Replaced).PepperId);
        var after = await key.GetAsync();
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    /// <summary>Without an event, the database would report that somebody altered the hash.</summary>
    [Fact]
    public async Task A_rehash_is_a_numbered_event_of_the_system_without_hashes()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await RehashAsync(key, key.First);

        var rehashed = key.Stored.LastEvent;
        Assert.Equal(
            (EventTypes.Rehashed, 2L, ActorKind.System, key.Stored.Secrets.CurrentSecret.Id),
            (rehashed.Type, rehashed.Number, rehashed.ActorKind, rehashed.SecretId));
        Assert.Null(rehashed.Changes);
    }

    [Fact]
    public async Task A_secret_is_rehashed_once()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await RehashAsync(key, key.First);
        var hash = key.Stored.Secrets.CurrentSecret.Hash;

        await key.UseAsync(key.First);
        _cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        Assert.Equal(3, key.Writes.Count);
        Assert.Equal(2, key.Stored.LastEvent.Number);
        Assert.Equal(hash, key.Stored.Secrets.CurrentSecret.Hash);
    }

    [Fact]
    public async Task A_change_takes_the_new_hash_of_a_used_secret_along()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        SetPeppers(NextPepper, Old);
        await key.UseAsync(key.First);

        await key.RotateAsync();

        Assert.Equal(NextPepper.Id, Assert.Single(key.Stored.Secrets.Replaced).PepperId);
        Assert.Equal((2, 2L, EventTypes.Rotated),
            (key.Writes.Count, key.Stored.LastEvent.Number, key.Stored.LastEvent.Type));
        SetPeppers(NextPepper);
        await _cluster.RestartAsync(key.GrainId);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_failed_write_of_a_rehash_leaves_the_secret_valid_and_the_next_use_repeats_it()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        SetPeppers(NextPepper, Old);
        await key.UseAsync(key.First);
        key.Writes.FailNext();
        var deactivation = _cluster.WaitForDeactivationAsync(key.GrainId);
        _cluster.Clock.Advance(Minute);
        await deactivation;
        Assert.Equal(Old.Id, key.Stored.Secrets.CurrentSecret.PepperId);

        await RehashAsync(key, key.First);

        Assert.Equal(NextPepper.Id, key.Stored.Secrets.CurrentSecret.PepperId);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    /// <summary>The validator cached the secret before the rotation of the pepper, and never hashes it again.</summary>
    [Fact]
    public async Task A_secret_that_the_cache_answers_is_rehashed_too()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        var reports = _cluster.Calls.To(key.GrainId, nameof(IVirtualKeyGrain.RecordUse));
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        await reports.WaitForCompletedAsync(1);
        SetPeppers(NextPepper, Old);

        _cluster.Clock.Advance(Minute);
        Assert.Equal(VerdictCode.Active, await ValidateAsync(key.First));
        await reports.WaitForCompletedAsync(2);
        await _cluster.RestartAsync(key.GrainId);

        Assert.Equal(NextPepper.Id, key.Stored.Secrets.CurrentSecret.PepperId);
    }

    [Fact]
    public async Task A_used_API_key_is_rehashed()
    {
        var project = await GrainTestProject.CreateAsync(_cluster);
        var reports = _cluster.Calls.To(project.GrainId, nameof(IVirtualKeyGrain.RecordUse));
        SetPeppers(NextPepper, Old);
        Assert.NotNull(await _cluster.SiloAuthenticator.AuthenticateAsync(project.First));
        await reports.WaitForCompletedAsync(1);
        await _cluster.RestartAsync(project.GrainId);

        Assert.Equal(NextPepper.Id, project.Stored.Secrets.CurrentSecret.PepperId);
        SetPeppers(NextPepper);
        Assert.NotNull(await project.AuthenticateAsync(project.First));
    }

    [Fact]
    public async Task A_report_with_another_digest_changes_no_hash()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        SetPeppers(NextPepper, Old);

        await key.Grain.RecordUse(key.GetSecretId(key.First), _cluster.Now, key.Mint().ComputeDigest());
        await _cluster.RestartAsync(key.GrainId);

        Assert.NotNull(key.Stored.LastUsedAt);
        Assert.Equal(Old.Id, key.Stored.Secrets.CurrentSecret.PepperId);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_missing_pepper_makes_its_secrets_unavailable_and_no_others()
    {
        var (old, revoked) = (await GrainTestKey.CreateAsync(_cluster), await GrainTestKey.CreateAsync(_cluster));
        var project = await GrainTestProject.CreateAsync(_cluster);
        await revoked.RevokeAsync();
        SetPeppers(NextPepper, Old);
        var current = await GrainTestKey.CreateAsync(_cluster);
        foreach (var key in new[] { old, revoked, current }) await _cluster.RestartAsync(key.GrainId);
        await _cluster.RestartAsync(project.GrainId);

        SetPeppers(NextPepper);
        Assert.Equal(VerdictCode.Unavailable, await old.ValidateAsync(old.First));
        Assert.Equal(VerdictCode.Unavailable, await old.ValidateByGrainAsync(old.First));
        await Assert.ThrowsAsync<ValidationUnavailableException>(
            async () => await project.AuthenticateAsync(project.First));
        Assert.Equal(VerdictCode.NotFound, await revoked.ValidateAsync(revoked.First));
        Assert.Equal(VerdictCode.Active, await current.ValidateAsync(current.First));
        Assert.Equal(VerdictCode.NotFound, await current.ValidateAsync(current.Mint()));

        SetPeppers(NextPepper, Old);
        Assert.Equal(VerdictCode.Active, await old.ValidateAsync(old.First));
        Assert.NotNull(await project.AuthenticateAsync(project.First));
    }

    /// <summary>The other silos have made a pepper current that this one does not have yet.</summary>
    [Fact]
    public async Task A_silo_without_the_new_pepper_refuses_no_secret_as_invalid()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await RehashAsync(key, key.First);
        await _cluster.RestartAsync(key.GrainId);

        SetPeppers(Old);
        Assert.Equal(VerdictCode.Unavailable, await key.ValidateAsync(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.RenameAsync("other")).Outcome);

        SetPeppers(Old, NextPepper);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_retry_across_a_rotation_of_the_pepper_returns_the_original_secret()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        var secret = key.Mint();
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(secret, OriginalRequest)).Outcome);

        SetPeppers(NextPepper, Old);
        var replay = await key.RotateAsync(key.Mint(), RetriedRequest);
        Assert.Equal((ChangeOutcome.Replayed, key.GetSecretId(secret)), (replay.Outcome, replay.Key!.SecretId));
        Assert.Equal(OriginalRequest.SealedSecret, replay.SealedSecret);
        Assert.Equal(
            ChangeOutcome.IdempotencyConflict, (await key.RotateAsync(key.Mint(), ConflictingRequest)).Outcome);
    }

    /// <summary>A build that had one pepper writes records without its id.</summary>
    [Fact]
    public async Task A_record_without_the_id_of_its_pepper_is_replayed()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await key.RotateAsync(key.Mint(), OriginalRequest);
        _cluster.Storage.OverwriteJson(
            StorageNames.VirtualKey,
            key.GrainId,
            json => json["receipts"]!["receipts"]![0]!.AsObject().Remove("pepper_id"));
        await _cluster.RestartAsync(key.GrainId);

        SetPeppers(NextPepper, Old);
        Assert.Equal(ChangeOutcome.Replayed, (await key.RotateAsync(key.Mint(), RetriedRequest)).Outcome);
    }

    /// <summary>It could be the retry of a request that has issued a secret already.</summary>
    [Fact]
    public async Task A_request_that_may_be_a_retry_under_a_missing_pepper_issues_no_second_secret()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await key.RotateAsync(key.Mint(), OriginalRequest);

        SetPeppers(NextPepper);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(key.Mint(), RetriedRequest));
        Assert.Equal(2, key.Writes.Count);
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(key.Mint())).Outcome);

        SetPeppers(NextPepper, Old);
        Assert.Equal(ChangeOutcome.Replayed, (await key.RotateAsync(key.Mint(), RetriedRequest)).Outcome);
    }

    /// <summary>Whoever may not make the change learns that, whether or not the request is a retry.</summary>
    [Fact]
    public async Task A_caller_that_lacks_a_permission_is_refused_while_the_pepper_of_a_record_is_missing()
    {
        var project = await GrainTestProject.CreateAsync(_cluster);
        var (_, caller) = await project.CreateApiKeyAsync([ApiKeyPermissions.VerifyVirtualKeys]);
        Task<ProjectResult> RotateAsync(Caller caller, IdempotentRequest request) => project.Grain.RotateApiKey(
            NewRotateCommand(caller, project.Mint(), _cluster.Now) with { Idempotency = request });
        Assert.Equal(ChangeOutcome.Done, (await RotateAsync(project.AdminCaller, OriginalRequest)).Outcome);

        SetPeppers(NextPepper);
        Assert.Equal(ChangeOutcome.PermissionMissing, (await RotateAsync(caller, RetriedRequest)).Outcome);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => RotateAsync(project.AdminCaller, RetriedRequest));
    }

    [Fact]
    public async Task The_ids_of_an_earlier_attempt_are_derived_after_a_rotation_of_the_pepper()
    {
        var derivation = _cluster.Grains.GetGrain<IIdempotentIdGrain>(0);
        Task<IReadOnlyList<byte[]>> DeriveAsync() =>
            derivation.Derive(OriginalRequest.KeyDigest, "projects", [7, 6]).AsTask();
        var before = await DeriveAsync();
        SetPeppers(NextPepper);
        var next = await DeriveAsync();

        SetPeppers(NextPepper, Old);
        Assert.Equal([.. next, .. before], await DeriveAsync());
        Assert.NotEqual(before[0], next[0]);
    }

    [Fact]
    public async Task No_valid_secret_is_refused_while_the_pepper_is_rotated_under_load()
    {
        var keys = new List<(GrainTestKey Key, Secret Retiring, Secret Current)>();
        for (var i = 0; i < 30; i++)
        {
            var key = await GrainTestKey.CreateAsync(_cluster);
            keys.Add((key, key.First, await key.RotateAsync()));
        }

        // The clock advances between two validations: within one, its read would time out.
        using var gate = new SemaphoreSlim(1);
        using var stopping = new CancellationTokenSource();
        var rounds = 0;
        var load = Task.Run(async () =>
        {
            while (!stopping.IsCancellationRequested)
            {
                foreach (var (key, retiring, current) in keys)
                {
                    await gate.WaitAsync();
                    Assert.Equal(VerdictCode.Retiring, await ValidateAsync(retiring));
                    Assert.Equal(VerdictCode.Active, await ValidateAsync(current));

                    // In every other round, the next validation reads from storage.
                    if (rounds % 2 == 0) _cluster.EvictFromCache(key.GrainId);
                    gate.Release();
                }

                Interlocked.Increment(ref rounds);
            }
        });
        async Task ValidateForAWhileAsync()
        {
            var until = Volatile.Read(ref rounds) + 3;
            await Wait.UntilAsync(() => load.IsCompleted || Volatile.Read(ref rounds) >= until);
        }

        await ValidateForAWhileAsync();
        SetPeppers(Old, NextPepper);
        await ValidateForAWhileAsync();
        SetPeppers(NextPepper, Old);
        await Wait.UntilAsync(async () =>
        {
            // Uses are reported and written once a minute.
            if (await gate.WaitAsync(TimeSpan.FromSeconds(1)))
            {
                _cluster.Clock.Advance(Minute);
                gate.Release();
            }

            return load.IsCompleted || keys.All(key => key.Key.Stored.Secrets.All().All(IsRehashed));
        });
        SetPeppers(NextPepper);
        await ValidateForAWhileAsync();
        await stopping.CancelAsync();
        await load;

        foreach (var (key, retiring, current) in keys)
        {
            await _cluster.RestartAsync(key.GrainId);
            Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(retiring));
            Assert.Equal(VerdictCode.Active, await key.ValidateAsync(current));
        }
    }

    private static bool IsRehashed(StoredSecret secret) => secret.PepperId == NextPepper.Id;

    private void SetPeppers(Pepper current, params Pepper[] others) =>
        _cluster.Ring.Peppers = new PepperSet(current, others);

    /// <summary>Uses a secret under the next pepper, and waits for the write.</summary>
    private async Task RehashAsync(GrainTestKey key, Secret secret)
    {
        SetPeppers(NextPepper, Old);
        await key.UseAsync(secret);
        _cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
    }

    /// <summary>Validates as a service in the silo's process, which reports uses.</summary>
    private async Task<VerdictCode> ValidateAsync(Secret secret) =>
        (await _cluster.SiloValidator.ValidateAsync(secret.Reveal())).Code;
}
