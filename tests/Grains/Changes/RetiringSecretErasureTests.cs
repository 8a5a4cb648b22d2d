using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

[Collection(ClusterTests.Name)]
public sealed class RetiringSecretErasureTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_retiring_secret_expires_at_its_deadline_without_a_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var deadline = cluster.Now.AddHours(24);

        cluster.Clock.SetUtcNow(deadline - TimeSpan.FromTicks(1));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));

        cluster.Clock.SetUtcNow(deadline);
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        Assert.Empty((await key.GetAsync()).RetiringSecrets);
        Assert.Equal(0, cluster.ReminderObserver.GetTickCount(key.GrainId));
        Assert.True(key.IsHashStored(key.First));
    }

    [Fact]
    public async Task The_reminder_erases_the_hash_of_an_expired_secret_and_then_unregisters()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        Assert.False(key.IsHashStored(key.First));
        Assert.True(key.IsHashStored(second));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
    }

    [Fact]
    public async Task An_erasure_changes_neither_the_revision_nor_the_update_time()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var before = await key.GetAsync();

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        var after = await key.GetAsync();
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    [Fact]
    public async Task The_reminder_is_registered_again_for_the_next_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var firstDeadline = cluster.Now.AddHours(24);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.RotateAsync();
        var secondDeadline = cluster.Now.AddHours(24);

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.InRange(cluster.Now, firstDeadline, secondDeadline - TestData.Millisecond);
        Assert.False(key.IsHashStored(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(second));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.InRange(cluster.Now, secondDeadline, secondDeadline.AddMinutes(1));
        Assert.False(key.IsHashStored(second));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task A_reactivation_keeps_both_secrets_the_deadline_and_the_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        var deadline = cluster.Now.AddHours(24);

        await cluster.RestartAsync(key.GrainId);
        Assert.Equal(deadline, Assert.Single((await key.GetAsync()).RetiringSecrets).ValidUntil);
        Assert.Equal(deadline, (await key.GetVerdictAsync(key.First)).ValidUntil);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));

        await cluster.RestartAsync(key.GrainId);
        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
    }

    [Fact]
    public async Task A_deadline_set_at_a_fraction_of_a_millisecond_survives_a_reactivation_unchanged()
    {
        cluster.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 2));
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var before = (await key.GetVerdictAsync(key.First)).ValidUntil;

        await cluster.RestartAsync(key.GrainId);

        Assert.NotNull(before);
        Assert.Equal(before, (await key.GetVerdictAsync(key.First)).ValidUntil);
        Assert.Equal(before, Assert.Single((await key.GetAsync()).RetiringSecrets).ValidUntil);
    }

    [Fact]
    public async Task The_first_reminder_tick_after_an_outage_erases_overdue_secrets()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromDays(30));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        await key.WaitForPendingTurnsAsync();

        Assert.False(key.IsHashStored(key.First));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task An_activation_erases_overdue_secrets_without_a_reminder_tick()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(VerdictCode.ExpiredSecret, await key.ValidateAsync(key.First));
        var erasure = key.Writes.BlockNext();

        await key.GetAsync();
        await erasure.Arrived;
        erasure.Open();
        await key.WaitForPendingTurnsAsync();

        Assert.False(key.IsHashStored(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_failed_erasure_is_retried_at_the_next_reminder_tick()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        key.Writes.FailNext();

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.True(key.IsHashStored(key.First));
        Assert.NotNull(cluster.Reminders.GetDueTime(key.GrainId));

        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
    }
}
