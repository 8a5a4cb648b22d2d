using KeysCluster.TestKit;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

/// <summary>A write that leaves something to erase stores the reminder of the grain in the same transaction.</summary>
public abstract class ErasureReminderTests : StorageTest
{
    private const string Name = "erase-ended-secrets";
    private const string StateName = TestKeyState.StateName;

    private static readonly GrainId Key = GrainId.Create("vk", "vk_1");

    private static readonly DateTimeOffset EraseAt = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private protected ErasureReminderTests()
    {
    }

    private protected ErasureReminderTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(120)]
    [InlineData(59_999)]
    public async Task The_row_is_the_one_that_Orleans_itself_would_store(int milliseconds)
    {
        var eraseAt = EraseAt.AddMilliseconds(milliseconds);
        await CreateAsync(eraseAt);

        var entry = Assert.Single((await Reminders.ReadRows(Key)).Reminders);
        Assert.Equal((Key, Name), (entry.GrainId, entry.ReminderName));
        Assert.Equal(eraseAt.UtcDateTime.AddSeconds(1), entry.StartAt);
        Assert.Equal(DateTimeKind.Utc, entry.StartAt.Kind);
        Assert.Equal(TimeSpan.FromMinutes(1), entry.Period);
        Assert.Equal(entry.ETag, (await FindAsync()).ETag);

        var stored = await ReadRowsAsync();
        await Reminders.RemoveRow(Key, Name, entry.ETag!);
        await Reminders.UpsertRow(entry);
        Assert.Equal(stored, await ReadRowsAsync());
    }

    [Fact]
    public async Task A_reminder_that_is_due_is_found_in_the_range_of_its_grain()
    {
        await CreateAsync(TimeProvider.System.GetUtcNow());
        var hash = Key.GetUniformHashCode();

        Assert.Equal(Key, Assert.Single((await Reminders.ReadRows(hash - 1, hash)).Reminders).GrainId);
        Assert.Empty((await Reminders.ReadRows(hash, hash + 1)).Reminders);
    }

    [Fact]
    public async Task Another_time_of_erasure_reschedules_the_reminder_and_changes_its_etag()
    {
        var state = await CreateAsync(EraseAt);
        var first = await FindAsync();
        state.State = state.State.WithChange("rotate") with { EraseAt = EraseAt.AddHours(-1) };
        await WriteAsync(StateName, "vk_1", state);

        var second = await FindAsync();

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(EraseAt.AddHours(-1).AddSeconds(1).UtcDateTime, second.StartAt);
        Assert.False(await Reminders.RemoveRow(Key, Name, first.ETag!));
    }

    [Fact]
    public async Task A_reminder_that_the_grain_registered_is_rescheduled()
    {
        var state = await CreateAsync(null);
        await Reminders.UpsertRow(new ReminderEntry
        {
            GrainId = Key,
            ReminderName = Name,
            StartAt = EraseAt.UtcDateTime,
            Period = TimeSpan.FromMinutes(1),
        });
        state.State = state.State.WithChange("rotate") with { EraseAt = EraseAt.AddHours(2) };
        await WriteAsync(StateName, "vk_1", state);

        var entry = Assert.Single((await Reminders.ReadRows(Key)).Reminders);
        Assert.Equal(EraseAt.AddHours(2).AddSeconds(1).UtcDateTime, entry.StartAt);
    }

    [Fact]
    public async Task A_write_with_the_same_time_of_erasure_leaves_the_reminder_as_it_is()
    {
        var state = await CreateAsync(EraseAt);
        var entry = await FindAsync();
        state.State = state.State.WithChange("update");
        await WriteAsync(StateName, "vk_1", state);
        Assert.Equal(entry.ETag, (await FindAsync()).ETag);

        await Reminders.RemoveRow(Key, Name, entry.ETag!);
        state.State = state.State.WithChange("update");
        await WriteAsync(StateName, "vk_1", state);
        Assert.Null(await Reminders.ReadRow(Key, Name));
    }

    [Fact]
    public async Task A_state_with_nothing_left_to_erase_leaves_the_reminder_to_the_grain()
    {
        var state = await CreateAsync(EraseAt);
        state.State = state.State.WithEvent("erase") with { EraseAt = null };
        await WriteAsync(StateName, "vk_1", state);
        await ClearAsync(StateName, "vk_1", state);

        Assert.NotNull(await Reminders.ReadRow(Key, Name));
    }

    [Fact]
    public async Task A_state_that_is_written_again_after_it_was_cleared_has_a_reminder()
    {
        var state = await CreateAsync(null);
        await ClearAsync(StateName, "vk_1", state);
        state.State = CreateState(EraseAt).State;
        await WriteAsync(StateName, "vk_1", state);

        Assert.NotNull(await Reminders.ReadRow(Key, Name));
    }

    [Fact]
    public async Task A_build_that_stores_no_hash_registers_the_reminder_itself()
    {
        var state = CreateState(EraseAt);
        state.State = state.State with { GrainHash = null };
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithChange("rotate") with { EraseAt = EraseAt.AddHours(1) };
        await WriteAsync(StateName, "vk_1", state);

        Assert.Empty(await ReadRowsAsync());
    }

    [Fact]
    public async Task A_refused_write_stores_no_reminder()
    {
        var stale = await CreateAsync(null);
        var current = await ReadAsync(StateName, "vk_1");
        current.State = current.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", current);

        stale.State = stale.State.WithChange("rotate") with { EraseAt = EraseAt };
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateName, "vk_1", stale));

        Assert.Empty(await ReadRowsAsync());
    }

    [Fact]
    public async Task A_write_whose_reminder_cannot_be_stored_is_not_persisted()
    {
        await Database.ExecuteScalarAsync("DROP TABLE OrleansRemindersTable");

        Assert.NotNull(await Record.ExceptionAsync(() => CreateAsync(EraseAt)));

        Assert.False((await ReadAsync(StateName, "vk_1")).RecordExists);
    }

    [Fact]
    public async Task A_project_has_a_reminder_of_its_own_grain_type()
    {
        var id = GrainId.Create("project", "project_a");
        var state = TestKeyState.Create("project_a");
        state.State = state.State with { EraseAt = EraseAt, GrainHash = (int)id.GetUniformHashCode() };
        await WriteAsync("project", "project_a", state);

        Assert.Equal(id, Assert.Single((await Reminders.ReadRows(id)).Reminders).GrainId);
    }

    private static TestGrainState CreateState(DateTimeOffset? eraseAt)
    {
        var state = TestKeyState.Create("vk_1");
        state.State = state.State.WithEvent("create") with
        {
            EraseAt = eraseAt,
            GrainHash = (int)Key.GetUniformHashCode(),
        };
        return state;
    }

    private async Task<TestGrainState> CreateAsync(DateTimeOffset? eraseAt)
    {
        var state = CreateState(eraseAt);
        await WriteAsync(StateName, "vk_1", state);
        return state;
    }

    private async Task<ReminderEntry> FindAsync()
    {
        var entry = await Reminders.ReadRow(Key, Name);
        Assert.NotNull(entry);
        return entry;
    }

    private Task<List<object?[]>> ReadRowsAsync() => Database.QueryRowsAsync("SELECT * FROM OrleansRemindersTable");
}
