using KeysCluster.Grains.Storage;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class ReminderRegistrationTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task The_reminder_is_registered_while_the_rotation_is_written_and_the_answer_waits_for_both()
    {
        var key = await ClusterKey.Create(cluster);
        var write = key.Writes.HoldNext();
        var registration = cluster.Reminders.Registrations(key.GrainId).HoldNext();
        var secret = key.Mint();

        var rotation = key.Rotate(secret);
        await write.Arrived;
        await registration.Arrived;
        write.Open();
        Assert.False(rotation.IsCompleted);

        registration.Open();
        Assert.Equal(ChangeOutcome.Done, (await rotation).Outcome);
        Assert.InRange(
            cluster.Reminders.DueAt(key.GrainId)!.Value, cluster.Now.AddHours(24), cluster.Now.AddHours(24).AddMinutes(1));
    }

    [Fact]
    public async Task A_rotation_that_is_durable_is_done_although_its_reminder_is_not_registered_which_is_tried_again()
    {
        var key = await ClusterKey.Create(cluster);
        var registrations = cluster.Reminders.Registrations(key.GrainId);
        registrations.FailNext();
        registrations.FailNext();

        var deadline = cluster.Now.AddHours(24);
        var secret = await key.Rotate();
        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));

        for (var i = 0; i < 5 && cluster.Reminders.DueAt(key.GrainId) is null; i++)
        {
            cluster.Clock.Advance(ErasureReminder.Pause);
            await key.Settle();
        }

        Assert.Equal(3, registrations.Count);
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));
    }

    [Fact]
    public async Task An_answer_to_the_registration_that_was_lost_costs_a_look_and_no_second_registration()
    {
        var key = await ClusterKey.Create(cluster);
        cluster.Reminders.Registrations(key.GrainId).LoseNextAnswer();

        await key.Rotate();
        await key.LookAgain();

        Assert.Equal(1, cluster.Reminders.Registrations(key.GrainId).Count);
        Assert.NotNull(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task An_activation_that_finds_something_to_erase_and_no_reminder_registers_one()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var due = cluster.Reminders.DueAt(key.GrainId);
        await cluster.Deactivate(key.GrainId);
        cluster.Reminders.Lose(key.GrainId);

        await key.LookAgain();

        Assert.Equal(due, cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task An_activation_that_finds_its_reminder_writes_none()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);

        await key.LookAgain();

        Assert.Equal(1, cluster.Reminders.Registrations(key.GrainId).Count);
    }

    [Fact]
    public async Task An_activation_that_finds_a_reminder_for_a_later_deadline_registers_an_earlier_one()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        cluster.Reminders.Registrations(key.GrainId).FailNext();
        var deadline = cluster.Now.AddHours(1);
        await key.Rotate(key.Mint(), TimeSpan.FromHours(1));
        await cluster.Deactivate(key.GrainId);

        await key.LookAgain();

        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, deadline, deadline.AddMinutes(1));
    }

    [Fact]
    public async Task A_tick_that_comes_while_a_rotation_is_written_waits_for_it_and_leaves_its_reminder()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Rotate);
        await key.Settle();
        var write = key.Writes.HoldNext();
        var rotation = key.Rotate();
        await write.Arrived;

        // Nothing is to be erased by the state that this tick would find.
        var tick = key.Grain.AsReference<IRemindable>().ReceiveReminder(ErasureReminder.Name, default);
        write.Open();
        await rotation;
        await tick;

        Assert.InRange(
            cluster.Reminders.DueAt(key.GrainId)!.Value, cluster.Now.AddHours(24), cluster.Now.AddHours(24).AddMinutes(1));
    }

    [Fact]
    public async Task A_reminder_without_a_rotation_ticks_once_and_goes()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Rotate);

        await cluster.TickReminder(key.GrainId);

        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }

    [Fact]
    public async Task Rotating_again_does_not_put_off_the_reminder_of_the_earlier_deadline()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        var due = cluster.Reminders.DueAt(key.GrainId);

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await key.Rotate();

        Assert.Equal(due, cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task A_rotation_that_failed_does_not_put_off_the_erasure_of_a_secret_that_has_ended()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Rotate();
        await cluster.Deactivate(key.GrainId);
        cluster.Clock.Advance(TimeSpan.FromHours(25));

        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Rotate);

        Assert.True(key.IsStored(key.First));
        Assert.InRange(cluster.Reminders.DueAt(key.GrainId)!.Value, Sample.Start, cluster.Now.AddMinutes(1));
    }
}
