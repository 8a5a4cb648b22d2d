using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

/// <summary>
/// The reminder that erases hashes is stored in the transaction of each change. One that is due soon is registered with
/// the reminder service as well, which delays and fails nothing.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class ReminderRegistrationTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_rotation_stores_its_reminder_in_its_write_and_registers_nothing()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.LoseNextResponse();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.RotateAsync);

        await key.WaitForPendingTurnsAsync();
        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
        Assert.Equal(0, RegistrationsOf(key).Count);
    }

    [Fact]
    public async Task A_reminder_that_is_due_before_the_next_read_of_the_stored_ones_is_registered_as_well()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync(key.Mint(), ReminderSchedule.RefreshPeriod + TestData.Millisecond);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(0, RegistrationsOf(key).Count);

        await key.ChangeDeadlineAsync(key.GetSecretId(key.First), cluster.Now + ReminderSchedule.RefreshPeriod);

        await RegistrationsOf(key).WaitForCompletedAsync(1);
        AssertDueWithinAMinuteAfter(cluster.Now + ReminderSchedule.RefreshPeriod, key);
    }

    [Fact]
    public async Task A_hanging_registration_delays_no_change()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var registration = RegistrationsOf(key).BlockNext();

        await key.RotateAsync(key.Mint(), Soon);
        await registration.Arrived;
        await key.RotateAsync().WaitAsync(Wait.Timeout);
        await key.RevokeAsync().WaitAsync(Wait.Timeout);
        Assert.Equal(4, (await key.GetAsync()).Revision);

        registration.Open();
        await registration.Passed;
    }

    [Fact]
    public async Task A_failed_registration_fails_no_change_and_leaves_the_stored_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        RegistrationsOf(key).FailNext();

        var secret = key.Mint();
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(secret, Soon)).Outcome);

        await RegistrationsOf(key).WaitForCountAsync(1);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        AssertDueWithinAMinuteAfter(cluster.Now + Soon, key);
    }

    [Fact]
    public async Task The_fence_does_not_wait_for_the_registration()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var registration = RegistrationsOf(key).BlockNext();

        await key.RotateAsync(key.Mint(), TimeSpan.Zero).WaitAsync(Wait.Timeout);

        Assert.Equal(2, cluster.Fence.GetInvalidatedRevision(key.GrainId));
        registration.Open();
    }

    [Fact]
    public async Task A_tick_with_nothing_left_to_erase_unregisters_the_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.RotateAsync();
        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task A_reminder_tick_during_a_rotation_waits_for_its_write_and_keeps_its_reminder()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var write = key.Writes.BlockNext();
        var rotation = key.RotateAsync();
        await write.Arrived;

        // In the state before the rotation there is nothing to erase, so a tick that ran now would remove the reminder.
        var tick = TickAsync(key);
        write.Open();
        await rotation;
        await tick;

        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
    }

    /// <summary>Another silo, which this one cannot reach, has activated the same grain and rotated.</summary>
    [Fact]
    public async Task A_stale_activation_does_not_unregister_the_reminder_of_a_newer_one()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, RotateElsewhere);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => TickAsync(key));

        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
        await cluster.AdvanceToReminderTickAsync(key.GrainId);
        Assert.False(key.IsHashStored(key.First));
    }

    /// <summary>The other activation rotates after this one has verified that its state is the stored one.</summary>
    [Fact]
    public async Task A_reminder_that_is_stored_while_another_activation_unregisters_remains()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Reminders.Store(new ReminderEntry
        {
            GrainId = key.GrainId,
            ReminderName = ErasureReminder.Name,
            StartAt = cluster.Now.AddHours(1).UtcDateTime,
            Period = TimeSpan.FromMinutes(1),
        });
        var verification = key.Reads.BlockNextResponse();
        var tick = TickAsync(key);
        await verification.Arrived;

        cluster.Storage.Overwrite<VirtualKeyState>(StorageNames.VirtualKey, key.GrainId, RotateElsewhere);
        verification.Open();

        await Assert.ThrowsAsync<ReminderException>(() => tick);
        AssertDueWithinAMinuteAfter(cluster.Now.AddHours(24), key);
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

    private VirtualKeyState RotateElsewhere(VirtualKeyState state)
    {
        var retiring = state.Secrets.CurrentSecret with { ValidUntil = cluster.Now.AddHours(24) };
        var secrets = new SecretSet
        {
            CurrentSecret = TestData.NewStoredSecret(TestData.MintSecret(), cluster.Now),
            Replaced = [retiring],
        };
        return state with { Secrets = secrets, Revision = state.Revision + 1 };
    }

    private static Task TickAsync(GrainTestKey key) =>
        key.Grain.AsReference<IRemindable>().ReceiveReminder(ErasureReminder.Name, default);

    private OperationControl RegistrationsOf(GrainTestKey key) => cluster.Reminders.Registrations(key.GrainId);

    private void AssertDueWithinAMinuteAfter(DateTimeOffset deadline, GrainTestKey key) =>
        Assert.InRange(cluster.Reminders.GetDueTime(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));
}
