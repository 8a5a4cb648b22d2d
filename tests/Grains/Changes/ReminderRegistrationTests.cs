using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

[Collection(ClusterTests.Name)]
public sealed class ReminderRegistrationTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_rotation_is_acknowledged_after_both_its_write_and_its_reminder_registration()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var write = key.Writes.BlockNext();
        var registration = cluster.Reminders.Registrations(key.GrainId).BlockNext();

        var rotation = key.RotateAsync(key.Mint());
        await write.Arrived;
        await registration.Arrived;
        write.Open();
        await write.Passed;

        // The rotation has continued after its write when other calls see the written state.
        await Wait.UntilAsync(async () => (await key.GetAsync()).Revision == 2);
        Assert.False(rotation.IsCompleted);

        registration.Open();
        Assert.Equal(ChangeOutcome.Done, (await rotation).Outcome);
        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
    }

    [Fact]
    public async Task A_failed_reminder_registration_is_retried_without_failing_the_rotation()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var registrations = cluster.Reminders.Registrations(key.GrainId);
        registrations.FailNext(count: 2);

        var deadline = cluster.Now.AddHours(24);
        var secret = await key.RotateAsync();
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));

        cluster.Clock.Advance(ErasureReminder.RetryDelay);
        await registrations.WaitForCountAsync(2);
        await key.WaitForPendingTurnsAsync();
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));

        cluster.Clock.Advance(ErasureReminder.RetryDelay);
        await registrations.WaitForCompletedAsync(1);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(3, registrations.Count);
        AssertDueWithinAMinuteAfter(deadline, key);
    }

    [Fact]
    public async Task A_lost_registration_response_is_resolved_by_a_read_without_registering_again()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Reminders.Registrations(key.GrainId).LoseNextResponse();

        await key.RotateAsync();
        await key.CheckReminderAsync();

        Assert.Equal(1, cluster.Reminders.Registrations(key.GrainId).Count);
        Assert.NotNull(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task An_activation_with_a_pending_erasure_registers_a_missing_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var due = cluster.Reminders.GetDueTime(key.GrainId);
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Reminders.Remove(key.GrainId);

        await key.CheckReminderAsync();

        Assert.Equal(due, cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task An_activation_does_not_register_an_existing_reminder_again()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);

        await key.CheckReminderAsync();

        Assert.Equal(1, cluster.Reminders.Registrations(key.GrainId).Count);
    }

    [Fact]
    public async Task An_activation_replaces_a_reminder_that_is_due_too_late()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        cluster.Reminders.Registrations(key.GrainId).FailNext();
        var deadline = cluster.Now.AddHours(1);
        await key.RotateAsync(key.Mint(), TimeSpan.FromHours(1));
        await cluster.DeactivateAsync(key.GrainId);

        await key.CheckReminderAsync();

        AssertDueWithinAMinuteAfter(deadline, key);
    }

    [Fact]
    public async Task A_reminder_tick_during_a_rotation_waits_for_its_write_and_keeps_its_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);
        await key.WaitForPendingTurnsAsync();
        var write = key.Writes.BlockNext();
        var rotation = key.RotateAsync();
        await write.Arrived;

        // In the state before the rotation there is nothing to erase, so a tick that ran now would remove the reminder.
        var tick = key.Grain.AsReference<IRemindable>().ReceiveReminder(ErasureReminder.Name, default);
        write.Open();
        await rotation;
        await tick;

        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
    }

    [Fact]
    public async Task A_reminder_of_a_failed_rotation_ticks_once_and_is_unregistered()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);

        await cluster.AdvanceToReminderTickAsync(key.GrainId);

        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_later_rotation_does_not_postpone_the_reminder_of_an_earlier_deadline()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        var due = cluster.Reminders.GetDueTime(key.GrainId);

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.RotateAsync();

        Assert.Equal(due, cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task A_failed_rotation_does_not_postpone_the_erasure_of_an_expired_secret()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await cluster.DeactivateAsync(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromHours(25));

        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);

        Assert.True(key.IsHashStored(key.First));
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, TestData.Start, cluster.Now.AddMinutes(1));
    }

    private void AssertDueWithinAMinuteAfter(DateTimeOffset deadline, GrainTestKey key) =>
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));
}
