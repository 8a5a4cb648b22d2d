using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class GracePeriodTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_replaced_secret_is_good_one_millisecond_before_its_deadline_and_refused_at_it_without_a_reminder()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var deadline = cluster.Now.AddHours(24);

        cluster.Clock.SetUtcNow(deadline - Sample.Millisecond);
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));

        cluster.Clock.SetUtcNow(deadline - TimeSpan.FromTicks(1));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));

        cluster.Clock.SetUtcNow(deadline);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Active, await key.Validate(second));
        Assert.Empty((await key.Get()).RetiringSecrets);
        Assert.Equal(0, cluster.Watch.Ticks(key.GrainId));
        Assert.True(key.IsStored(key.First));
    }

    [Fact]
    public async Task The_reminder_erases_the_hash_of_an_ended_secret_and_then_itself()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();

        await cluster.TickReminder(key.GrainId);

        Assert.False(key.IsStored(key.First));
        Assert.True(key.IsStored(second));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Active, await key.Validate(second));
    }

    [Fact]
    public async Task An_erasure_changes_neither_the_revision_nor_the_time_of_the_last_change()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var before = await key.Get();

        await cluster.TickReminder(key.GrainId);

        var after = await key.Get();
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    [Fact]
    public async Task With_two_retiring_secrets_the_reminder_comes_again_for_the_second()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var firstDeadline = cluster.Now.AddHours(24);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.Rotate();
        var secondDeadline = cluster.Now.AddHours(24);

        await cluster.TickReminder(key.GrainId);
        Assert.InRange(cluster.Now, firstDeadline, secondDeadline - Sample.Millisecond);
        Assert.False(key.IsStored(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(second));

        await cluster.TickReminder(key.GrainId);
        Assert.InRange(cluster.Now, secondDeadline, secondDeadline.AddMinutes(1));
        Assert.False(key.IsStored(second));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task A_restart_in_between_keeps_both_secrets_the_deadline_and_the_reminder()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        var deadline = cluster.Now.AddHours(24);

        await cluster.Deactivate(key.GrainId);
        Assert.Equal(deadline, (await key.Verdict(key.First)).ValidUntil);
        Assert.Equal(VerdictCode.Active, await key.Validate(second));

        await cluster.Deactivate(key.GrainId);
        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
    }

    [Fact]
    public async Task A_deadline_is_the_same_before_and_after_a_restart_whatever_fraction_of_a_millisecond_it_was_set_at()
    {
        cluster.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 2));
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var before = (await key.Verdict(key.First)).ValidUntil;

        await cluster.Deactivate(key.GrainId);

        Assert.Equal(before, (await key.Verdict(key.First)).ValidUntil);
        cluster.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 2));
    }

    [Fact]
    public async Task The_first_tick_after_an_outage_erases_what_ended_long_ago()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromDays(30));

        await cluster.TickReminder(key.GrainId);
        await key.Settle();

        Assert.False(key.IsStored(key.First));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task An_activation_erases_what_it_finds_overdue_without_a_tick()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromDays(30));
        var erasure = key.Writes.HoldNext();

        Assert.Equal(VerdictCode.ExpiredSecret, await key.Validate(key.First));
        await erasure.Arrived;
        erasure.Open();
        await key.Settle();

        Assert.False(key.IsStored(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(key.First));
    }

    [Fact]
    public async Task An_erasure_that_failed_is_done_by_the_next_tick()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        key.Writes.FailNext();

        await cluster.TickReminder(key.GrainId);
        Assert.True(key.IsStored(key.First));
        Assert.NotNull(cluster.Reminders.DueAt(key.GrainId));

        await cluster.TickReminder(key.GrainId);
        Assert.False(key.IsStored(key.First));
        Assert.Equal(VerdictCode.Active, await key.Validate(second));
    }
}
