namespace KeysCluster.Storage.Tests;

/// <summary>The due-time filter is by the database's clock, so these tests take their instants from the real one.</summary>
public abstract class ReminderTests : StorageTest
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    private protected ReminderTests()
    {
    }

    private protected ReminderTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_reminder_is_read_back_as_it_was_set()
    {
        var entry = Entry("vk_1", TimeSpan.FromHours(24));
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
    public async Task Setting_a_reminder_again_moves_it_and_changes_its_etag()
    {
        var first = await Reminders.UpsertRow(Entry("vk_1", TimeSpan.FromHours(24)));
        var moved = Entry("vk_1", TimeSpan.FromHours(1));
        moved.Period = TimeSpan.FromDays(60);
        var second = await Reminders.UpsertRow(moved);

        var stored = Assert.Single((await Reminders.ReadRows(moved.GrainId)).Reminders);

        Assert.NotEqual(first, second);
        Assert.Equal(second, stored.ETag);
        Assert.Equal(moved.StartAt, stored.StartAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromDays(60), stored.Period);
    }

    [Fact]
    public async Task The_reminders_of_a_grain_are_its_own()
    {
        await Reminders.UpsertRow(Entry("vk_1", TimeSpan.FromHours(24), "erase"));
        await Reminders.UpsertRow(Entry("vk_1", TimeSpan.FromHours(24), "expire"));
        await Reminders.UpsertRow(Entry("vk_2", TimeSpan.FromHours(24), "erase"));

        var stored = (await Reminders.ReadRows(GrainId.Create("virtual-key", "vk_1"))).Reminders;

        Assert.Equal(["erase", "expire"], stored.Select(entry => entry.ReminderName).Order());
        Assert.Null(await Reminders.ReadRow(GrainId.Create("virtual-key", "vk_3"), "erase"));
    }

    [Fact]
    public async Task A_range_takes_its_end_and_leaves_its_beginning()
    {
        var entries = await InOrderOfHash();
        var (begin, end) = (Hash(entries[2]), Hash(entries[5]));

        var found = (await Reminders.ReadRows(begin, end)).Reminders;

        Assert.Equal(Keys(entries[3..6]), Keys(found));
    }

    [Fact]
    public async Task A_range_that_wraps_around_takes_both_ends_of_the_ring()
    {
        var entries = await InOrderOfHash();
        var (begin, end) = (Hash(entries[5]), Hash(entries[2]));

        var found = (await Reminders.ReadRows(begin, end)).Reminders;

        Assert.Equal(Keys([.. entries[6..], .. entries[..3]]), Keys(found));
    }

    [Fact]
    public async Task A_range_over_the_sign_bit_is_whole()
    {
        var entries = await InOrderOfHash();

        var found = (await Reminders.ReadRows(0x7000_0000, 0x9000_0000)).Reminders;

        Assert.Equal(Keys(entries.Where(entry => Hash(entry) is > 0x7000_0000 and <= 0x9000_0000)), Keys(found));
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, uint.MaxValue)]
    [InlineData(0x8000_0000u, 0x8000_0000u)]
    public async Task The_whole_ring_has_every_reminder(uint begin, uint end)
    {
        var entries = await InOrderOfHash();

        Assert.Equal(Keys(entries), Keys((await Reminders.ReadRows(begin, end)).Reminders));
    }

    [Theory]
    [InlineData(25, false)]
    [InlineData(24 * 60, false)]
    [InlineData(15, true)]
    [InlineData(-1, true)]
    [InlineData(-40 * 24 * 60, true)]
    public async Task Ranges_return_what_is_due_soon_or_overdue_and_a_single_read_returns_all(int minutes, bool inRange)
    {
        var entry = Entry("vk_1", TimeSpan.FromMinutes(minutes));
        await Reminders.UpsertRow(entry);
        var hash = Hash(entry);

        var plain = (await Reminders.ReadRows(hash - 1, hash)).Reminders;
        var wrapped = (await Reminders.ReadRows(hash, hash)).Reminders;

        Assert.Equal(inRange ? 1 : 0, plain.Count);
        Assert.Equal(inRange ? 1 : 0, wrapped.Count);
        Assert.NotNull(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.Single((await Reminders.ReadRows(entry.GrainId)).Reminders);
    }

    [Fact]
    public async Task A_reminder_is_removed_only_with_its_etag()
    {
        var entry = Entry("vk_1", TimeSpan.FromMinutes(1));
        var old = await Reminders.UpsertRow(entry);
        var current = await Reminders.UpsertRow(entry);

        Assert.False(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, old!));
        Assert.NotNull(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.True(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, current!));
        Assert.Null(await Reminders.ReadRow(entry.GrainId, entry.ReminderName));
        Assert.False(await Reminders.RemoveRow(entry.GrainId, entry.ReminderName, current!));
    }

    private async Task<List<ReminderEntry>> InOrderOfHash()
    {
        var entries = Enumerable.Range(0, 64).Select(n => Entry($"vk_{n}", TimeSpan.FromMinutes(1))).ToList();
        foreach (var entry in entries)
            await Reminders.UpsertRow(entry);

        return [.. entries.OrderBy(Hash)];
    }

    private static ReminderEntry Entry(string key, TimeSpan due, string name = "erase") => new()
    {
        GrainId = GrainId.Create("virtual-key", key),
        ReminderName = name,
        StartAt = Now + due,
        Period = TimeSpan.FromMinutes(1),
    };

    private static uint Hash(ReminderEntry entry) => entry.GrainId.GetUniformHashCode();

    private static IEnumerable<string> Keys(IEnumerable<ReminderEntry> entries) =>
        entries.Select(entry => entry.GrainId.ToString()).Order(StringComparer.Ordinal);

    public sealed class OnSqlite : ReminderTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : ReminderTests(postgres);
}
