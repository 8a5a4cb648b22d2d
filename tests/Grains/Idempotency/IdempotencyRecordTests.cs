using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;
using static KeysCluster.Grains.Tests.TestData;

namespace KeysCluster.Grains.Tests.Idempotency;

[Collection(ClusterTests.Name)]
public sealed class IdempotencyRecordTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_retried_rotation_returns_the_original_secret_with_the_key_as_it_is_now()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var first = await key.RotateAsync(key.Mint(), OriginalRequest);
        Assert.Equal((ChangeOutcome.Done, null), (first.Outcome, first.SealedSecret));
        var secret = first.Key!.SecretId;

        await AssertReplayedAsync(key, secret);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.RenameAsync("another name");
        await key.RotateAsync();
        await key.ExpireRetiringSecretsAsync(null);
        await key.DisableAsync("a reason");
        await AssertReplayedAsync(key, secret);
        await key.RevokeAsync();
        await AssertReplayedAsync(key, secret);
        await cluster.RestartAsync(key.GrainId);
        await AssertReplayedAsync(key, secret);
    }

    [Fact]
    public async Task A_different_request_with_the_same_idempotency_key_is_a_conflict_and_changes_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), OriginalRequest);
        var before = key.Row;
        var secret = key.Mint();

        Assert.Equal(new(ChangeOutcome.IdempotencyConflict, null), await key.RotateAsync(secret, ConflictingRequest));

        Assert.Equal(before, key.Row);
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(secret));
        Assert.Equal(ChangeOutcome.Replayed, (await key.RotateAsync(secret, RetriedRequest)).Outcome);
    }

    [Fact]
    public async Task A_different_idempotency_key_makes_a_new_rotation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), OriginalRequest);

        var second = await key.RotateAsync(key.Mint(), NewIdempotentRequest("retrz"));

        Assert.Equal((ChangeOutcome.Done, 3), (second.Outcome, second.Key!.Revision));
    }

    [Fact]
    public async Task An_idempotency_key_expires_after_exactly_24_hours()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var end = cluster.Now.AddHours(24);
        await key.RotateAsync(key.Mint(), OriginalRequest);

        cluster.Clock.SetUtcNow(end - TimeSpan.FromTicks(1));
        Assert.Equal(
            ChangeOutcome.IdempotencyConflict, (await key.RotateAsync(key.Mint(), ConflictingRequest)).Outcome);
        Assert.Equal(ChangeOutcome.Replayed, (await key.RotateAsync(key.Mint(), RetriedRequest)).Outcome);

        cluster.Clock.SetUtcNow(end);
        var secret = key.Mint();
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(secret, RetriedRequest)).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(RetriedRequest.SealedSecret, (await key.RotateAsync(key.Mint(), OriginalRequest)).SealedSecret);

        // A silo whose clock is behind may still need the first record.
        Assert.Equal(2, key.Stored.IdempotencyRecords.Records.Length);
        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.Single(key.Stored.IdempotencyRecords.Records);
    }

    [Fact]
    public async Task The_33rd_idempotency_record_within_a_day_is_refused_until_the_first_expires()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var firstEnd = cluster.Now.AddHours(24);
        await key.RotateAsync(key.Mint(), TimeSpan.Zero, NewIdempotentRequest("0"));
        cluster.Clock.Advance(Millisecond);
        for (var i = 1; i < 32; i++)
        {
            var rotated = await key.RotateAsync(key.Mint(), TimeSpan.Zero, NewIdempotentRequest($"{i}"));
            Assert.Equal(ChangeOutcome.Done, rotated.Outcome);
        }

        var before = await key.GetAsync();
        var (secret, request) = (key.Mint(), NewIdempotentRequest("32"));

        cluster.Clock.SetUtcNow(firstEnd - TimeSpan.FromTicks(1));
        var refused = await key.RotateAsync(secret, TimeSpan.Zero, request);
        Assert.Equal((ChangeOutcome.TooManyIdempotencyRecords, null), (refused.Outcome, refused.SealedSecret));
        Assert.Equal((33, before.SecretId), (refused.Key!.Revision, refused.Key.SecretId));
        Assert.Equal((33, before.SecretId), ((await key.GetAsync()).Revision, (await key.GetAsync()).SecretId));
        Assert.Equal(33, key.Stored.Revision);
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(secret));
        Assert.Equal(ChangeOutcome.Replayed, await RotateAsync(secret, "31"));

        cluster.Clock.SetUtcNow(firstEnd);
        Assert.Equal(ChangeOutcome.Done, await RotateAsync(secret, "32"));
        Assert.Equal(ChangeOutcome.TooManyIdempotencyRecords, await RotateAsync(secret, "65"));
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(key.Mint(), TimeSpan.Zero)).Outcome);

        async Task<ChangeOutcome> RotateAsync(Secret secret, string idempotencyKey) =>
            (await key.RotateAsync(secret, TimeSpan.Zero, NewIdempotentRequest(idempotencyKey))).Outcome;
    }

    [Fact]
    public async Task An_expired_idempotency_record_is_erased_even_if_no_secret_is_retiring()
    {
        var key = GrainTestKey.Unknown(cluster);
        await key.CreateAsync(key.First, OriginalRequest);
        var end = cluster.Now.AddHours(24);
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, end, end.AddMinutes(1));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        Assert.Empty(key.Stored.IdempotencyRecords.Records);
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(1, (await key.GetAsync()).Revision);
    }

    [Fact]
    public async Task An_idempotency_record_that_outlives_the_retiring_secret_is_erased_by_a_later_tick()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var end = cluster.Now.AddHours(24);
        await key.RotateAsync(key.Mint(), TimeSpan.FromHours(1), OriginalRequest);

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Single(key.Stored.IdempotencyRecords.Records);
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, end, end.AddMinutes(1));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.Empty(key.Stored.IdempotencyRecords.Records);
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_and_its_idempotency_record_are_persisted_in_one_write()
    {
        var key = await GrainTestKey.CreateAsync(cluster);

        await key.RotateAsync(key.Mint(), OriginalRequest);

        Assert.Equal(2, key.Writes.Count);
        Assert.Single(key.Stored.IdempotencyRecords.Records);
    }

    [Fact]
    public async Task A_rotation_whose_write_failed_leaves_no_idempotency_record()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(key.Mint(), OriginalRequest));
        var secret = key.Mint();

        var retried = await key.RotateAsync(secret, RetriedRequest);

        Assert.Equal((ChangeOutcome.Done, 2), (retried.Outcome, retried.Key!.Revision));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(RetriedRequest.SealedSecret, (await key.RotateAsync(key.Mint(), OriginalRequest)).SealedSecret);
    }

    [Fact]
    public async Task A_retried_rotation_whose_write_response_was_lost_is_replayed()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var secret = key.Mint();
        key.Writes.LoseNextResponse();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(secret, OriginalRequest));
        var unused = key.Mint();

        var retried = await key.RotateAsync(unused, RetriedRequest);

        Assert.Equal((ChangeOutcome.Replayed, 2), (retried.Outcome, retried.Key!.Revision));
        Assert.Equal(OriginalRequest.SealedSecret, retried.SealedSecret);
        Assert.Equal(secret.DisplayPrefix, retried.Key.DisplayPrefix);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(unused));
    }

    [Fact]
    public async Task A_retry_during_the_write_of_a_rotation_returns_the_result_of_the_first_attempt()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = key.Writes.BlockNext();
        var first = key.RotateAsync(key.Mint(), OriginalRequest);
        await gate.Arrived;
        var retry = key.RotateAsync(key.Mint(), RetriedRequest);

        // A later call that interleaves is answered, so the retry has reached the grain and waits.
        Assert.Equal(1, (await key.GetAsync()).Revision);
        Assert.False(retry.IsCompleted);

        gate.Open();

        await AssertReplayOfAsync(first, retry);
        Assert.Equal((2, 3), (key.Stored.Revision, key.Writes.Count));
    }

    [Fact]
    public async Task A_retry_during_the_write_of_a_creation_returns_the_result_of_the_first_attempt()
    {
        var key = GrainTestKey.Unknown(cluster);
        var gate = key.Writes.BlockNext();
        var first = key.CreateAsync(key.First, OriginalRequest);
        await gate.Arrived;
        var retry = key.CreateAsync(key.Mint(), RetriedRequest);

        gate.Open();

        await AssertReplayOfAsync(first, retry);
    }

    [Fact]
    public async Task A_retried_creation_of_a_key_is_replayed_and_a_different_request_is_a_conflict()
    {
        var key = GrainTestKey.Unknown(cluster);
        var first = await key.CreateAsync(key.First, OriginalRequest);
        await key.RenameAsync("another name");
        await cluster.RestartAsync(key.GrainId);

        var retried = await key.CreateAsync(key.Mint(), RetriedRequest);
        Assert.Equal((ChangeOutcome.Replayed, "another name"), (retried.Outcome, retried.Key!.Name));
        Assert.Equal((first.Key!.SecretId.ToString(), 2), (key.Stored.LastEvent.SecretId, retried.Key.Revision));
        Assert.Equal(OriginalRequest.SealedSecret, retried.SealedSecret);
        var before = key.Row.Json;

        Assert.Equal(
            new(ChangeOutcome.IdempotencyConflict, null), await key.CreateAsync(key.Mint(), ConflictingRequest));
        Assert.Equal(
            new(ChangeOutcome.AlreadyExists, null), await key.CreateAsync(key.Mint(), NewIdempotentRequest("retrz")));
        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.CreateAsync(key.Mint(), null));
        Assert.Equal(before, key.Row.Json);
    }

    /// <summary>A client that uses one idempotency key on each day asks for the key of the day before first.</summary>
    [Fact]
    public async Task A_creation_that_finds_an_expired_record_writes_nothing_and_waits_for_no_cache()
    {
        var key = GrainTestKey.Unknown(cluster);
        var end = cluster.Now + IdempotentRequest.RecordLifetime;
        await key.CreateAsync(key.First, OriginalRequest);
        cluster.Clock.SetUtcNow(end);
        var invalidations = cluster.Fence.Invalidations(key.GrainId);
        var before = (key.Writes.Count, invalidations.Count);

        var repeated = await key.Grain.Create(key.NewCreateCommand(key.Mint()) with
        {
            Idempotency = RetriedRequest,
            ReplayOnly = true,
        });

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), repeated);
        Assert.Equal(before, (key.Writes.Count, invalidations.Count));
    }

    [Fact]
    public async Task A_retried_creation_whose_write_response_was_lost_is_replayed()
    {
        var key = GrainTestKey.Unknown(cluster);
        key.Writes.LoseNextResponse();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.CreateAsync(key.First, OriginalRequest));

        var retried = await key.CreateAsync(key.Mint(), RetriedRequest);

        Assert.Equal(ChangeOutcome.Replayed, retried.Outcome);
        Assert.Equal(OriginalRequest.SealedSecret, retried.SealedSecret);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task Idempotency_records_are_not_visible_to_callers_of_another_project()
    {
        var key = GrainTestKey.Unknown(cluster);
        await key.CreateAsync(key.First, OriginalRequest);
        var request = NewIdempotentRequest("rotation");
        await key.RotateAsync(key.Mint(), request);

        var creation = key.NewCreateCommand(key.Mint()) with { Caller = OtherCaller, Idempotency = OriginalRequest };
        var rotation = key.NewRotateCommand(key.Mint()) with { Caller = OtherCaller, Idempotency = request };

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.Grain.Create(creation));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Grain.Rotate(rotation));
    }

    [Fact]
    public async Task A_refused_request_leaves_no_idempotency_record()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        for (var i = 0; i < 32; i++) await key.RotateAsync();

        Assert.Equal(
            ChangeOutcome.TooManyRetiringSecrets, (await key.RotateAsync(key.Mint(), OriginalRequest)).Outcome);
        Assert.Empty(key.Stored.IdempotencyRecords.Records);
        await key.ExpireRetiringSecretsAsync(null);
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(key.Mint(), RetriedRequest)).Outcome);
    }

    [Fact]
    public async Task A_refused_creation_leaves_no_state_and_no_activation()
    {
        var key = GrainTestKey.Unknown(cluster);
        var creation = key.NewCreateCommand(key.First) with { ExpiresAt = cluster.Now, Idempotency = OriginalRequest };

        Assert.Equal(new(ChangeOutcome.ExpiryInThePast, null), await key.Grain.Create(creation));

        await cluster.WaitForDeactivationAsync(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task Storage_contains_neither_the_sealed_secret_nor_the_idempotency_key_as_received()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), OriginalRequest);

        var record = Assert.Single(key.Stored.IdempotencyRecords.Records);
        foreach (var received in new[] { OriginalRequest.SealedSecret, OriginalRequest.KeyDigest.ToArray() })
        {
            Assert.DoesNotContain(Convert.ToBase64String(received), key.Row.Json, StringComparison.Ordinal);
            foreach (var stored in new[] { record.SealedSecret, record.KeyHash, record.RequestHash })
                Assert.Equal(-1, stored.AsSpan().IndexOf(received));
        }

        Assert.Equal(Pepper.Hash(OriginalRequest.KeyDigest), record.KeyHash);
        Assert.Equal(OriginalRequest.SealedSecret, Pepper.Open(record.SealedSecret, key.Id.ToString()));
    }

    /// <summary>Asserts that a retry of the rotation returns its secret, changes nothing, and is an event.</summary>
    private static async Task AssertReplayedAsync(GrainTestKey key, SecretId secret)
    {
        var (before, number) = (await key.GetAsync(), key.Stored.LastEvent.Number);
        var unused = key.Mint();

        var replayed = await key.RotateAsync(unused, RetriedRequest);

        Assert.Equal((ChangeOutcome.Replayed, ToJson(before)), (replayed.Outcome, ToJson(replayed.Key!)));
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
        Assert.Equal(ToJson(before), ToJson(await key.GetAsync()));
        Assert.Equal(
            (number + 1, "replayed", secret.ToString(), null),
            (key.Stored.LastEvent.Number, key.Stored.LastEvent.Type, key.Stored.LastEvent.SecretId,
                key.Stored.LastEvent.Changes));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(unused));
    }

    private static async Task AssertReplayOfAsync(Task<VirtualKeyResult> first, Task<VirtualKeyResult> retry)
    {
        var (original, replayed) = (await first, await retry);
        Assert.Equal(ChangeOutcome.Done, original.Outcome);
        Assert.Equal((ChangeOutcome.Replayed, ToJson(original.Key!)), (replayed.Outcome, ToJson(replayed.Key!)));
        Assert.Equal(OriginalRequest.SealedSecret, replayed.SealedSecret);
    }

    private static string ToJson(VirtualKey key) => JsonSerializer.Serialize(key, StateJson.Options);
}
