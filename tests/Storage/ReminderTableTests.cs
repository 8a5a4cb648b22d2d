using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class ReminderTableTests : StorageTest
{
    private protected ReminderTableTests()
    {
    }

    private protected ReminderTableTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_reminder_is_read_back_as_written()
    {
        var entry = TestReminder.Create("vk_1", TimeSpan.FromHours(24));
        var etag = await Reminders.UpsertRow(entry);

        var stored = await Reminders.ReadRow(entry.GrainId, entry.ReminderName);

        Assert.NotNull(stored);
        Assert.Equal(entry.GrainId, stored.GrainId);
        Assert.Equal(entry.ReminderName, stored.ReminderName);
        Assert.Equal(entry.StartAt, stored.StartAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(DateTimeKind.Utc, stored.StartAt.Kind);
        Assert.Equal(entry.Period, stored.Period);
        Assert.Equal(etag, stored.ETag);
    }

    [Fact]
    public async Task Registering_a_reminder_again_reschedules_it_and_changes_its_etag()
    {
        var first = await Reminders.UpsertRow(TestReminder.Create("vk_1", TimeSpan.FromHours(24)));
        var rescheduled = TestReminder.Create("vk_1", TimeSpan.FromHours(1));
        rescheduled.Period = TimeSpan.FromDays(60);
        var second = await Reminders.UpsertRow(rescheduled);

        var stored = Assert.Single((await Reminders.ReadRows(rescheduled.GrainId)).Reminders);

        Assert.NotEqual(first, second);
        Assert.Equal(second, stored.ETag);
        Assert.Equal(rescheduled.StartAt, stored.StartAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromDays(60), stored.Period);
    }

    [Fact]
    public async Task Reminders_are_scoped_to_their_grain()
    {
        await Reminders.UpsertRow(TestReminder.Create("vk_1", TimeSpan.FromHours(24), "erase"));
        await Reminders.UpsertRow(TestReminder.Create("vk_1", TimeSpan.FromHours(24), "expire"));
        await Reminders.UpsertRow(TestReminder.Create("vk_2", TimeSpan.FromHours(24), "erase"));

        var stored = (await Reminders.ReadRows(GrainId.Create("virtual-key", "vk_1"))).Reminders;

        Assert.Equal(["erase", "expire"], stored.Select(entry => entry.ReminderName).Order());
        Assert.Null(await Reminders.ReadRow(GrainId.Create("virtual-key", "vk_3"), "erase"));
    }

    [Fact]
    public async Task A_reminder_is_removed_only_with_its_current_etag()
    {
        var entry = TestReminder.Create("vk_1", TimeSpan.FromMinutes(1));
        var old = await Reminders.UpsertRow(entry);
        var current = await Reminders.UpsertRow(entry);

        Assert.False(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, old!));
        Assert.NotNull(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.True(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, current!));
        Assert.Null(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.False(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, current!));
    }
}
