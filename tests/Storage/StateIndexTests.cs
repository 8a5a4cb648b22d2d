using KeysCluster.Grains.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StateIndexTests : StorageTest
{
    private const string Name = SampleKey.StateName;

    private protected StateIndexTests()
    {
    }

    private protected StateIndexTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task The_newest_comes_first_and_ties_go_by_id()
    {
        await Store("vk_B", 5);
        await Store("vk_a", 5);
        await Store("vk_old", 0);
        await Store("vk_new", 1000);

        Assert.Equal(["vk_new", "vk_a", "vk_B", "vk_old"], await Page(0, 10));
    }

    [Fact]
    public async Task A_cursor_continues_exactly_after_the_last_seen_within_one_millisecond_too()
    {
        for (var n = 0; n < 20; n++)
            await Store($"vk_{n:D2}", createdAtMilliseconds: n / 7);

        var seen = new List<string>();
        IndexPosition? after = null;
        while (await Index.ListAfter<SampleKey>(Name, "project_a", after, 3, default) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(key => key.Id));
            after = new IndexPosition(page[^1].CreatedAt, page[^1].Id);
        }

        Assert.Equal(await Page(0, 100), seen);
        Assert.Equal(20, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_cursor_is_not_moved_by_a_newer_state()
    {
        await Store("vk_1", 1);
        await Store("vk_2", 2);
        var first = Assert.Single(await Index.ListAfter<SampleKey>(Name, "project_a", null, 1, default));
        await Store("vk_3", 3);

        var rest = await Index.ListAfter<SampleKey>(
            Name, "project_a", new IndexPosition(first.CreatedAt, first.Id), 10, default);

        Assert.Equal("vk_1", Assert.Single(rest).Id);
    }

    [Fact]
    public async Task Pages_are_cut_out_of_the_whole_list()
    {
        for (var n = 0; n < 7; n++)
            await Store($"vk_{n}", n);

        Assert.Equal(["vk_6", "vk_5", "vk_4"], await Page(0, 3));
        Assert.Equal(["vk_3", "vk_2", "vk_1"], await Page(3, 3));
        Assert.Equal(["vk_0"], await Page(6, 3));
        Assert.Empty(await Page(7, 3));
        Assert.Empty(await Page(0, 0));
        Assert.Equal(7, await Index.Count(Name, "project_a", default));
    }

    [Fact]
    public async Task Owners_and_kinds_of_state_are_apart()
    {
        await Store("vk_1", 1, "project_a");
        await Store("vk_2", 2, "project_b");
        await Write("project", "project_a", SampleKey.New("project_a"));

        Assert.Equal(["vk_1"], await Page(0, 10));
        Assert.Equal(1, await Index.Count(Name, "project_b", default));
        Assert.Equal(0, await Index.Count(Name, "", default));
        Assert.Equal(1, await Index.Count("project", "", default));
    }

    [Fact]
    public async Task A_list_shows_the_state_as_it_was_last_written()
    {
        var state = await Store("vk_1", 1);
        var indexed = await Database.Rows("SELECT * FROM KeysStateIndex");
        state.State = state.State.Next("rotate") with { Note = "rotated" };
        await Write(Name, "vk_1", state);

        var listed = Assert.Single(await Index.ListPage<SampleKey>(Name, "project_a", 0, 10, default));

        Assert.Equal(state.State, listed);
        Assert.Equal(indexed, await Database.Rows("SELECT * FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_deleted_row_leaves_the_list()
    {
        await Store("vk_1", 1);
        await Database.Scalar("DELETE FROM OrleansStorage");

        Assert.Empty(await Page(0, 10));
        Assert.Equal(0, await Index.Count(Name, "project_a", default));
    }

    [Fact]
    public async Task A_write_that_cannot_be_indexed_is_not_made()
    {
        await Database.Scalar("DROP TABLE KeysStateIndex");

        Assert.NotNull(await Record.ExceptionAsync(() => Store("vk_1", 1)));

        Assert.False((await Read(Name, "vk_1")).RecordExists);
        Assert.Equal(0, await Database.Number("SELECT COUNT(*) FROM KeysAudit"));
    }

    private async Task<StoredKey> Store(
        string id, int createdAtMilliseconds, string project = "project_a")
    {
        var state = SampleKey.New(id, project, createdAtMilliseconds);
        await Write(Name, id, state);
        return state;
    }

    private async Task<IEnumerable<string>> Page(long offset, int limit) =>
        (await Index.ListPage<SampleKey>(Name, "project_a", offset, limit, default)).Select(key => key.Id);

    public sealed class OnSqlite : StateIndexTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : StateIndexTests(postgres);
}
