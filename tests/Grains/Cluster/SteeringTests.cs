using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class SteeringTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_rotation_without_grace_swaps_the_secrets_in_one_write_and_the_next_tick_erases_the_old_one()
    {
        var key = await ClusterKey.Create(cluster);
        var second = key.Mint();

        var rotated = await key.Rotate(second, TimeSpan.Zero);

        Assert.Equal((ChangeOutcome.Done, 2), (rotated.Outcome, key.Writes.Count));
        Assert.Empty(rotated.Key!.RetiringSecrets);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Active, await key.Validate(second));

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task A_cut_secret_ends_at_once_also_after_a_restart_and_the_next_tick_erases_it()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var third = await key.Rotate();

        Assert.Equal(ChangeOutcome.Done, (await key.Cut(key.IdOf(key.First))).Outcome);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, cluster.Now, cluster.Now.AddMinutes(1));
        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(second));

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.True(key.IsStored(second));

        await key.Cut(null);
        await cluster.Deactivate(key.GrainId);
        Assert.False((await key.Verdict(second)).IsValid);
        Assert.Equal(VerdictCode.Active, await key.Validate(third));
    }

    [Fact]
    public async Task A_cut_counts_from_its_answer_and_one_that_was_not_written_did_not_happen()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Cut(null));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));

        var gate = key.Writes.HoldNext();
        var cut = key.Cut(null);
        await gate.Arrived;
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        gate.Open();
        await cut;
        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_prolonged_secret_outlives_the_tick_of_its_first_deadline_and_is_erased_after_the_new_one()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var deadline = cluster.Now.AddDays(3);
        Assert.Equal(ChangeOutcome.Done, (await key.MoveDeadline(key.IdOf(key.First), deadline)).Outcome);

        await cluster.TickReminder(key.GrainId);
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task A_shortened_secret_and_a_shortened_life_of_the_key_bring_the_reminder_forward()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var (earlier, earliest) = (cluster.Now.AddHours(5), cluster.Now.AddHours(4));

        await key.MoveDeadline(key.IdOf(key.First), earlier);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, earlier, earlier.AddMinutes(1));
        await key.Expire(earliest);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, earliest, earliest.AddMinutes(1));
    }

    [Fact]
    public async Task A_disabled_key_stays_disabled_over_a_restart_until_it_is_enabled()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        await key.Grain.Disable(Sample.Caller, "why");
        await key.Grain.Disable(Sample.Caller, "another");
        var disabled = cluster.Now;
        await cluster.Deactivate(key.GrainId);

        Assert.Equal(VerdictCode.Disabled, await key.Validate(second));
        var shown = await key.Get();
        Assert.Equal((disabled, "why", 3), (shown.DisabledAt, shown.DisabledReason, shown.Revision));

        Assert.Equal(ChangeOutcome.Done, (await key.Grain.Enable(Sample.Caller)).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(second));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_key_expires_without_a_reminder_and_lives_again_when_prolonged()
    {
        var key = await ClusterKey.Create(cluster);
        var expiry = cluster.Now.AddHours(1);
        await key.Expire(expiry);
        await cluster.Deactivate(key.GrainId);

        cluster.Clock.SetUtcNow(expiry - Sample.Millisecond);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        cluster.Clock.SetUtcNow(expiry);
        Assert.Equal(VerdictCode.Expired, await key.Validate(key.First));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));

        Assert.Equal(ChangeOutcome.Done, (await key.Expire(null)).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_stranger_and_a_key_that_is_not_there_are_not_found_whatever_is_asked()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var before = key.Row;
        var stranger = Sample.Caller with { Project = Sample.OtherProject };
        var secret = key.IdOf(key.First);

        foreach (var (grain, caller) in new[]
        {
            (key.Grain, stranger), (ClusterKey.Unknown(cluster).Grain, Sample.Caller),
        })
        {
            VirtualKeyResult[] results =
            [
                await grain.CutRetiringSecrets(new CutRetiringSecrets(caller, secret)),
                await grain.CutRetiringSecrets(new CutRetiringSecrets(caller, null)),
                await grain.MoveDeadline(new MoveDeadline(caller, secret, cluster.Now.AddHours(1))),
                await grain.Disable(caller, null),
                await grain.Enable(caller),
            ];
            Assert.All(results, result => Assert.Equal(new(ChangeOutcome.NotFound, null), result));
        }

        Assert.Equal(before, key.Row);
    }

    [Fact]
    public async Task A_revoked_key_refuses_to_be_steered()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var secret = key.IdOf(key.First);
        await key.Revoke();
        var before = key.Row;

        VirtualKeyResult[] results =
        [
            await key.Cut(secret),
            await key.Cut(null),
            await key.MoveDeadline(secret, cluster.Now.AddHours(1)),
            await key.Expire(null),
            await key.Grain.Disable(Sample.Caller, null),
            await key.Grain.Enable(Sample.Caller),
            await key.Rotate(key.Mint(), Sample.Request("new")),
        ];

        Assert.All(results, result => Assert.Equal(ChangeOutcome.Revoked, result.Outcome));
        Assert.Equal(before, key.Row);
    }
}
