using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

public abstract class StateIndexTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected StateIndexTests()
    {
    }

    private protected StateIndexTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task States_are_listed_newest_first_and_ties_are_ordered_by_id()
    {
        await CreateAsync("vk_B", 5);
        await CreateAsync("vk_a", 5);
        await CreateAsync("vk_old", 0);
        await CreateAsync("vk_new", 1000);

        Assert.Equal(["vk_new", "vk_a", "vk_B", "vk_old"], await ListIdsAsync(0, 10));
    }

    [Fact]
    public async Task A_cursor_continues_after_the_last_state_even_within_one_millisecond()
    {
        for (var n = 0; n < 20; n++)
            await CreateAsync($"vk_{n:D2}", createdAtMilliseconds: n / 7);

        var seen = new List<string>();
        IndexPosition? after = null;
        while (await ListAfterAsync(after, 3) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(key => key.Id));
            after = new IndexPosition(page[^1].CreatedAt, page[^1].Id);
        }

        Assert.Equal(await ListIdsAsync(0, 100), seen);
        Assert.Equal(20, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_newer_state_does_not_shift_a_cursor()
    {
        await CreateAsync("vk_1", 1);
        await CreateAsync("vk_2", 2);
        var first = Assert.Single(await ListAfterAsync(null, 1));
        await CreateAsync("vk_3", 3);

        var rest = await ListAfterAsync(new IndexPosition(first.CreatedAt, first.Id), 10);

        Assert.Equal("vk_1", Assert.Single(rest).Id);
    }

    [Fact]
    public async Task Pages_are_slices_of_the_whole_list()
    {
        for (var n = 0; n < 7; n++)
            await CreateAsync($"vk_{n}", n);

        Assert.Equal(["vk_6", "vk_5", "vk_4"], await ListIdsAsync(0, 3));
        Assert.Equal(["vk_3", "vk_2", "vk_1"], await ListIdsAsync(3, 3));
        Assert.Equal(["vk_0"], await ListIdsAsync(6, 3));
        Assert.Empty(await ListIdsAsync(7, 3));
        Assert.Empty(await ListIdsAsync(0, 0));
        Assert.Equal(7, await Index.CountAsync(StateName, "project_a", default));
    }

    [Fact]
    public async Task Lists_are_scoped_to_one_project_and_one_state_name()
    {
        await CreateAsync("vk_1", 1, "project_a");
        await CreateAsync("vk_2", 2, "project_b");
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a"));

        Assert.Equal(["vk_1"], await ListIdsAsync(0, 10));
        Assert.Equal(1, await Index.CountAsync(StateName, "project_b", default));
        Assert.Equal(0, await Index.CountAsync(StateName, "", default));
        Assert.Equal(1, await Index.CountAsync("project", "", default));
    }

    [Fact]
    public async Task A_list_returns_the_latest_written_state()
    {
        var state = await CreateAsync("vk_1", 1);
        var indexed = await Database.QueryRowsAsync("SELECT * FROM KeysStateIndex");
        state.State = state.State.WithChange("rotate") with { Note = "rotated" };
        await WriteAsync(StateName, "vk_1", state);

        var listed = Assert.Single(await ListPageAsync(StateName, "project_a", 0, 10));

        Assert.Equal(state.State, listed);
        Assert.Equal(indexed, await Database.QueryRowsAsync("SELECT * FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_deleted_row_is_removed_from_the_list()
    {
        await CreateAsync("vk_1", 1);
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage");

        Assert.Empty(await ListIdsAsync(0, 10));
        Assert.Equal(0, await Index.CountAsync(StateName, "project_a", default));
    }

    [Fact]
    public async Task A_write_that_cannot_be_indexed_is_not_persisted()
    {
        await Database.ExecuteScalarAsync("DROP TABLE KeysStateIndex");

        Assert.NotNull(await Record.ExceptionAsync(() => CreateAsync("vk_1", 1)));

        Assert.False((await ReadAsync(StateName, "vk_1")).RecordExists);
        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    private async Task<TestGrainState> CreateAsync(
        string id, int createdAtMilliseconds, string project = "project_a")
    {
        var state = TestKeyState.Create(id, project, createdAtMilliseconds);
        await WriteAsync(StateName, id, state);
        return state;
    }

    private async Task<IReadOnlyList<TestKeyState>> ListAfterAsync(IndexPosition? after, int limit) =>
        Deserialize(await Index.ListAfterAsync(StateName, "project_a", after, limit, default));

    private async Task<IEnumerable<string>> ListIdsAsync(long offset, int limit) =>
        (await ListPageAsync(StateName, "project_a", offset, limit)).Select(key => key.Id);
}
