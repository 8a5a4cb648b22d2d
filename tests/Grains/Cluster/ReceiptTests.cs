using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Idempotency;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class ReceiptTests(KeysTestCluster cluster)
{
    private static readonly IdempotentRequest First = Sample.Request("retry");

    /// <summary>The same request again: its sender has minted and sealed another secret meanwhile.</summary>
    private static readonly IdempotentRequest Again = Sample.Request("retry", sealedSecret: "sealed by the second");

    private static readonly IdempotentRequest Other = Sample.Request("retry", asked: "something else");

    [Fact]
    public async Task The_same_rotation_again_gets_the_answer_of_then_whatever_happened_since()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.First);
        var first = await key.Rotate(key.Mint(), First);
        Assert.Equal((ChangeOutcome.Done, null), (first.Outcome, first.SealedSecret));

        await AssertReplays(key, first.Key!);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.Rename("another name");
        await key.Rotate();
        await key.Cut(null);
        await key.Grain.Disable(Sample.Caller, "why");
        await AssertReplays(key, first.Key!);
        await key.Revoke();
        await AssertReplays(key, first.Key!);
        await cluster.Deactivate(key.GrainId);
        await AssertReplays(key, first.Key!);
    }

    [Fact]
    public async Task Another_request_under_the_same_idempotency_key_is_a_conflict_and_changes_nothing()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate(key.Mint(), First);
        var before = key.Row;
        var secret = key.Mint();

        Assert.Equal(new(ChangeOutcome.IdempotencyConflict, null), await key.Rotate(secret, Other));

        Assert.Equal(before, key.Row);
        Assert.Equal(VerdictCode.NotFound, await key.Validate(secret));
        Assert.Equal(ChangeOutcome.Replayed, (await key.Rotate(secret, Again)).Outcome);
    }

    [Fact]
    public async Task Another_idempotency_key_is_another_rotation()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate(key.Mint(), First);

        var second = await key.Rotate(key.Mint(), Sample.Request("retrz"));

        Assert.Equal((ChangeOutcome.Done, 3), (second.Outcome, second.Key!.Revision));
    }

    [Fact]
    public async Task After_exactly_24_hours_an_idempotency_key_means_a_new_request()
    {
        var key = await ClusterKey.Create(cluster);
        var end = cluster.Now.AddHours(24);
        await key.Rotate(key.Mint(), First);

        cluster.Clock.SetUtcNow(end - TimeSpan.FromTicks(1));
        Assert.Equal(ChangeOutcome.IdempotencyConflict, (await key.Rotate(key.Mint(), Other)).Outcome);
        Assert.Equal(ChangeOutcome.Replayed, (await key.Rotate(key.Mint(), Again)).Outcome);

        cluster.Clock.SetUtcNow(end);
        var secret = key.Mint();
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(secret, Again)).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
        Assert.Equal(Again.SealedSecret, (await key.Rotate(key.Mint(), First)).SealedSecret);
        Assert.Single(key.Stored.Receipts.Receipts);
    }

    [Fact]
    public async Task The_65th_receipt_within_a_day_is_refused_and_nothing_changes_until_the_first_has_ended()
    {
        var key = await ClusterKey.Create(cluster);
        var firstEnd = cluster.Now.AddHours(24);
        await key.Rotate(key.Mint(), TimeSpan.Zero, Sample.Request("0"));
        cluster.Clock.Advance(Sample.Millisecond);
        for (var i = 1; i < 64; i++)
            Assert.Equal(ChangeOutcome.Done, (await key.Rotate(key.Mint(), TimeSpan.Zero, Sample.Request($"{i}"))).Outcome);
        var before = await key.Get();
        var (secret, request) = (key.Mint(), Sample.Request("64"));

        cluster.Clock.SetUtcNow(firstEnd - TimeSpan.FromTicks(1));
        var refused = await key.Rotate(secret, TimeSpan.Zero, request);
        Assert.Equal((ChangeOutcome.TooManyReceipts, null), (refused.Outcome, refused.SealedSecret));
        Assert.Equal((65, before.SecretId), (refused.Key!.Revision, refused.Key.SecretId));
        Assert.Equal((65, before.SecretId), ((await key.Get()).Revision, (await key.Get()).SecretId));
        Assert.Equal(65, key.Stored.Revision);
        Assert.Equal(VerdictCode.NotFound, await key.Validate(secret));
        Assert.Equal(ChangeOutcome.Replayed, (await key.Rotate(secret, TimeSpan.Zero, Sample.Request("63"))).Outcome);

        cluster.Clock.SetUtcNow(firstEnd);
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(secret, TimeSpan.Zero, request)).Outcome);
        Assert.Equal(
            ChangeOutcome.TooManyReceipts, (await key.Rotate(secret, TimeSpan.Zero, Sample.Request("65"))).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(key.Mint(), TimeSpan.Zero)).Outcome);
    }

    [Fact]
    public async Task A_receipt_is_erased_when_it_has_ended_though_no_secret_is_retiring()
    {
        var key = ClusterKey.Unknown(cluster);
        await key.Create(key.First, First);
        var end = cluster.Now.AddHours(24);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, end, end.AddMinutes(1));

        await cluster.TickReminder(key.GrainId);

        Assert.Empty(key.Stored.Receipts.Receipts);
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(1, (await key.Get()).Revision);
    }

    [Fact]
    public async Task A_receipt_that_outlasts_the_retiring_secret_is_erased_by_the_tick_after_that_one()
    {
        var key = await ClusterKey.Create(cluster);
        var end = cluster.Now.AddHours(24);
        await key.Rotate(key.Mint(), TimeSpan.FromHours(1), First);

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.Single(key.Stored.Receipts.Receipts);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, end, end.AddMinutes(1));

        await cluster.TickReminder(key.GrainId);
        Assert.Empty(key.Stored.Receipts.Receipts);
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_and_its_receipt_are_one_write()
    {
        var key = await ClusterKey.Create(cluster);

        await key.Rotate(key.Mint(), First);

        Assert.Equal(2, key.Writes.Count);
        Assert.Single(key.Stored.Receipts.Receipts);
    }

    [Fact]
    public async Task A_rotation_that_was_not_written_leaves_no_receipt()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(key.Mint(), First));
        var secret = key.Mint();

        var retried = await key.Rotate(secret, Again);

        Assert.Equal((ChangeOutcome.Done, 2), (retried.Outcome, retried.Key!.Revision));
        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
        Assert.Equal(Again.SealedSecret, (await key.Rotate(key.Mint(), First)).SealedSecret);
    }

    [Fact]
    public async Task A_rotation_that_was_written_but_not_answered_is_answered_when_retried()
    {
        var key = await ClusterKey.Create(cluster);
        var secret = key.Mint();
        key.Writes.LoseNextAnswer();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(secret, First));
        var unneeded = key.Mint();

        var retried = await key.Rotate(unneeded, Again);

        Assert.Equal((ChangeOutcome.Replayed, 2), (retried.Outcome, retried.Key!.Revision));
        Assert.Equal(First.SealedSecret, retried.SealedSecret);
        Assert.Equal(secret.DisplayPrefix, retried.Key.DisplayPrefix);
        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(unneeded));
    }

    [Fact]
    public async Task A_retry_while_the_first_attempt_is_being_written_gets_its_result()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = key.Writes.HoldNext();
        var first = key.Rotate(key.Mint(), First);
        await gate.Arrived;
        var second = key.Rotate(key.Mint(), Again);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.False(second.IsCompleted);

        gate.Open();

        Assert.Equal(ChangeOutcome.Done, (await first).Outcome);
        Assert.Equal((ChangeOutcome.Replayed, Text((await first).Key!)), ((await second).Outcome, Text((await second).Key!)));
        Assert.Equal(First.SealedSecret, (await second).SealedSecret);
        Assert.Equal(2, key.Writes.Count);
    }

    [Fact]
    public async Task A_retry_while_the_creation_is_being_written_gets_its_result()
    {
        var key = ClusterKey.Unknown(cluster);
        var gate = key.Writes.HoldNext();
        var first = key.Create(key.First, First);
        await gate.Arrived;
        var second = key.Create(key.Mint(), Again);

        gate.Open();

        Assert.Equal(ChangeOutcome.Done, (await first).Outcome);
        Assert.Equal((ChangeOutcome.Replayed, Text((await first).Key!)), ((await second).Outcome, Text((await second).Key!)));
        Assert.Equal(First.SealedSecret, (await second).SealedSecret);
    }

    [Fact]
    public async Task A_creation_can_be_sent_again_but_not_changed()
    {
        var key = ClusterKey.Unknown(cluster);
        var first = await key.Create(key.First, First);
        await key.Rename("another name");
        await cluster.Deactivate(key.GrainId);
        var before = key.Row.Json;

        var retried = await key.Create(key.Mint(), Again);
        Assert.Equal((ChangeOutcome.Replayed, Text(first.Key!)), (retried.Outcome, Text(retried.Key!)));
        Assert.Equal(First.SealedSecret, retried.SealedSecret);

        Assert.Equal(new(ChangeOutcome.IdempotencyConflict, null), await key.Create(key.Mint(), Other));
        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.Create(key.Mint(), Sample.Request("retrz")));
        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.Create(key.Mint(), null));
        Assert.Equal(before, key.Row.Json);
    }

    [Fact]
    public async Task A_creation_that_was_written_but_not_answered_is_answered_when_retried()
    {
        var key = ClusterKey.Unknown(cluster);
        key.Writes.LoseNextAnswer();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Create(key.First, First));

        var retried = await key.Create(key.Mint(), Again);

        Assert.Equal(ChangeOutcome.Replayed, retried.Outcome);
        Assert.Equal(First.SealedSecret, retried.SealedSecret);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_receipt_is_nothing_to_a_caller_of_another_project()
    {
        var key = ClusterKey.Unknown(cluster);
        await key.Create(key.First, First);
        await key.Rotate(key.Mint(), Sample.Request("rotation"));
        var stranger = Sample.Caller with { Project = Sample.OtherProject };

        Assert.Equal(new(ChangeOutcome.AlreadyExists, null), await key.Grain.Create(
            Sample.Creation(key.Mint(), cluster.Now) with { Caller = stranger, Idempotency = First }));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Grain.Rotate(
            key.Rotation(key.Mint()) with { Caller = stranger, Idempotency = Sample.Request("rotation") }));
    }

    [Fact]
    public async Task A_refused_request_leaves_no_receipt()
    {
        var key = await ClusterKey.Create(cluster);
        for (var i = 0; i < 32; i++) await key.Rotate();

        Assert.Equal(ChangeOutcome.TooManyRetiringSecrets, (await key.Rotate(key.Mint(), First)).Outcome);
        Assert.Empty(key.Stored.Receipts.Receipts);
        await key.Cut(null);
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(key.Mint(), Again)).Outcome);
    }

    [Fact]
    public async Task A_refused_creation_leaves_nothing_behind()
    {
        var key = ClusterKey.Unknown(cluster);
        var creation = Sample.Creation(key.First, cluster.Now) with { ExpiresAt = cluster.Now, Idempotency = First };

        Assert.Equal(new(ChangeOutcome.ExpiryInThePast, null), await key.Grain.Create(creation));

        await cluster.UntilDeactivated(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task Storage_holds_neither_the_sealed_secret_nor_the_idempotency_key_as_the_caller_sent_them()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate(key.Mint(), First);

        var receipt = Assert.Single(key.Stored.Receipts.Receipts);
        foreach (var sent in new[] { First.SealedSecret, First.KeyDigest.ToArray() })
        {
            Assert.DoesNotContain(Convert.ToBase64String(sent), key.Row.Json, StringComparison.Ordinal);
            foreach (var stored in new[] { receipt.SealedSecret, receipt.KeyHash, receipt.Fingerprint })
                Assert.Equal(-1, stored.AsSpan().IndexOf(sent));
        }

        Assert.Equal(Sample.Pepper.Hash(First.KeyDigest), receipt.KeyHash);
        Assert.Equal(First.SealedSecret, Sample.Pepper.Open(receipt.SealedSecret, key.Id.ToString()));
    }

    private static async Task AssertReplays(ClusterKey key, VirtualKey answer)
    {
        var before = await key.Get();
        var unneeded = key.Mint();

        var replayed = await key.Rotate(unneeded, Again);

        Assert.Equal((ChangeOutcome.Replayed, Text(answer)), (replayed.Outcome, Text(replayed.Key!)));
        Assert.Equal(First.SealedSecret, replayed.SealedSecret);
        Assert.Equal(Text(before), Text(await key.Get()));
        Assert.Equal(before.Revision, key.Stored.Revision);
        Assert.Equal(VerdictCode.NotFound, await key.Validate(unneeded));
    }

    /// <summary>Everything that a view shows.</summary>
    private static string Text(VirtualKey key) => JsonSerializer.Serialize(key, StateJson.Options);
}
