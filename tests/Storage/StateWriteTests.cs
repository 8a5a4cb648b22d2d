using KeysCluster.TestKit;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StateWriteTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected StateWriteTests()
    {
    }

    private protected StateWriteTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Only_one_of_several_concurrent_first_writes_succeeds()
    {
        var writes = Enumerable.Range(0, 8).Select(async writer =>
        {
            var state = TestKeyState.Create("vk_race");
            state.State = state.State with { Note = $"writer {writer}" };
            await Task.Yield();
            try
            {
                await WriteAsync(StateName, "vk_race", state);
                return state.State.Note;
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        });
        var winners = (await Task.WhenAll(writes.Select(write => Task.Run(() => write)))).OfType<string>().ToList();

        var winner = Assert.Single(winners);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
        Assert.Equal(winner, (await ReadAsync(StateName, "vk_race")).State.Note);
    }

    [Fact]
    public async Task A_first_write_to_an_existing_row_is_refused()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        var second = TestKeyState.Create("vk_1");
        second.State = second.State with { Note = "second" };

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateName, "vk_1", second));

        var stored = await ReadAsync(StateName, "vk_1");
        Assert.Equal(("", "1"), (stored.State.Note, stored.ETag));
    }

    [Fact]
    public async Task A_write_with_a_stale_version_is_refused_and_changes_nothing()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        var first = await ReadAsync(StateName, "vk_1");
        var stale = await ReadAsync(StateName, "vk_1");
        first.State = first.State.WithChange("rotate") with { Note = "first" };
        await WriteAsync(StateName, "vk_1", first);

        stale.State = stale.State.WithChange("revoke") with { Note = "stale" };
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateName, "vk_1", stale));

        var stored = await ReadAsync(StateName, "vk_1");
        Assert.Equal(("first", "2"), (stored.State.Note, stored.ETag));
        Assert.Equal(2, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    [Fact]
    public async Task Only_one_of_several_concurrent_updates_of_one_version_succeeds()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        var readers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(StateName, "vk_1")));

        var outcomes = await Task.WhenAll(readers.Select(state => Task.Run(async () =>
        {
            state.State = state.State.WithChange("rotate");
            return await Record.ExceptionAsync(() => WriteAsync(StateName, "vk_1", state));
        })));

        Assert.Single(outcomes, exception => exception is null);
        Assert.Equal(7, outcomes.OfType<InconsistentStateException>().Count());
        Assert.Equal("2", (await ReadAsync(StateName, "vk_1")).ETag);
    }

    [Fact]
    public async Task An_update_of_a_missing_row_is_refused_and_creates_none()
    {
        var state = TestKeyState.Create("vk_1");
        state.ETag = "3";

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateName, "vk_1", state));

        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Reading_an_unknown_id_finds_nothing_and_creates_no_row()
    {
        var state = await ReadAsync(StateName, "vk_unknown");

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task A_64_KiB_state_with_Unicode_and_escapes_round_trips()
    {
        const string piece = "ключ 鍵 🔑 \u0000 \\u0000 \" \\ \u2028 é";
        var state = TestKeyState.Create("vk_1");
        state.State = state.State with { Note = string.Concat(Enumerable.Repeat(piece, 64 * 1024 / piece.Length)) };

        await WriteAsync(StateName, "vk_1", state);

        Assert.Equal(state.State.Note, (await ReadAsync(StateName, "vk_1")).State.Note);
        var page = await ListPageAsync(StateName, "project_a", 0, 10);
        Assert.Equal(state.State.Note, Assert.Single(page).Note);
    }
}
