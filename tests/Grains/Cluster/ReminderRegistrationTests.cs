using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class ReminderRegistrationTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task The_reminder_is_registered_before_the_rotation_is_written()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = key.Writes.HoldNext();

        var rotation = key.Rotate();
        await gate.Arrived;
        Assert.InRange(
            cluster.Reminders.DueAt(key.GrainId)!.Value, cluster.Now.AddHours(24), cluster.Now.AddHours(24).AddMinutes(1));

        gate.Open();
        await rotation;
    }

    [Fact]
    public async Task When_the_reminder_cannot_be_registered_nothing_is_written_and_storage_is_said_to_be_unavailable()
    {
        var key = await ClusterKey.Create(cluster);
        cluster.Reminders.Registrations(key.GrainId).FailNext();
        var secret = key.Mint();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(secret));

        Assert.Equal(1, key.Writes.Count);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(secret));
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(secret)).Outcome);
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
