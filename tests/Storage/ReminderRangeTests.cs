using KeysCluster.Grains.Changes;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class ReminderRangeTests : StorageTest
{
    private protected ReminderRangeTests()
    {
    }

    private protected ReminderRangeTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_range_includes_its_end_and_excludes_its_beginning()
    {
        var entries = await CreateOrderedByHashAsync();
        var (begin, end) = (Hash(entries[2]), Hash(entries[5]));

        var found = (await Reminders.ReadRows(begin, end)).Reminders;

        Assert.Equal(Keys(entries[3..6]), Keys(found));
    }

    [Fact]
    public async Task A_wrapping_range_includes_both_ends_of_the_ring()
    {
        var entries = await CreateOrderedByHashAsync();
        var (begin, end) = (Hash(entries[5]), Hash(entries[2]));

        var found = (await Reminders.ReadRows(begin, end)).Reminders;

        Assert.Equal(Keys([.. entries[6..], .. entries[..3]]), Keys(found));
    }

    [Fact]
    public async Task A_range_across_the_sign_bit_is_complete()
    {
        var entries = await CreateOrderedByHashAsync();

        var found = (await Reminders.ReadRows(0x7000_0000, 0x9000_0000)).Reminders;

        Assert.Equal(Keys(entries.Where(entry => Hash(entry) is > 0x7000_0000 and <= 0x9000_0000)), Keys(found));
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, uint.MaxValue)]
    [InlineData(0x8000_0000u, 0x8000_0000u)]
    public async Task The_whole_ring_returns_every_reminder(uint begin, uint end)
    {
        var entries = await CreateOrderedByHashAsync();

        Assert.Equal(Keys(entries), Keys((await Reminders.ReadRows(begin, end)).Reminders));
    }

    [Theory]
    [InlineData(25, false)]
    [InlineData(24 * 60, false)]
    [InlineData(15, true)]
    [InlineData(-1, true)]
    [InlineData(-40 * 24 * 60, true)]
    public async Task Range_reads_return_only_reminders_due_soon_and_single_reads_return_any(
        int minutes, bool isDueSoon)
    {
        var entry = TestReminder.Create("vk_1", TimeSpan.FromMinutes(minutes));
        await Reminders.UpsertRow(entry);
        var hash = Hash(entry);

        var range = (await Reminders.ReadRows(hash - 1, hash)).Reminders;
        var wholeRing = (await Reminders.ReadRows(hash, hash)).Reminders;

        Assert.Equal(isDueSoon ? 1 : 0, range.Count);
        Assert.Equal(isDueSoon ? 1 : 0, wholeRing.Count);
        Assert.NotNull(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.Single((await Reminders.ReadRows(entry.GrainId)).Reminders);
    }

    [Fact]
    public async Task Range_reads_cover_the_loading_window_plus_clock_skew()
    {
        var window = ReminderScheduleExtensions.LoadingWindow;
        var clockSkew = TimeSpan.FromMinutes(5);
        var filter = TimeSpan.FromMinutes(20);
        var loaded = TestReminder.Create("vk_1", window + clockSkew);
        var within = TestReminder.Create("vk_2", filter - TimeSpan.FromMinutes(1));
        var beyond = TestReminder.Create("vk_3", filter + TimeSpan.FromMinutes(1));
        foreach (var entry in (ReminderEntry[])[loaded, within, beyond]) await Reminders.UpsertRow(entry);

        Assert.True(ReminderSchedule.RefreshPeriod <= window);
        Assert.Equal(Keys([loaded, within]), Keys((await Reminders.ReadRows(0, 0)).Reminders));
    }

    private async Task<List<ReminderEntry>> CreateOrderedByHashAsync()
    {
        var due = TimeSpan.FromMinutes(1);
        var entries = Enumerable.Range(0, 64).Select(n => TestReminder.Create($"vk_{n}", due)).ToList();
        foreach (var entry in entries)
            await Reminders.UpsertRow(entry);

        return [.. entries.OrderBy(Hash)];
    }

    private static uint Hash(ReminderEntry entry) => entry.GrainId.GetUniformHashCode();

    private static IEnumerable<string> Keys(IEnumerable<ReminderEntry> entries) =>
        entries.Select(entry => entry.GrainId.ToString()).Order(StringComparer.Ordinal);
}
