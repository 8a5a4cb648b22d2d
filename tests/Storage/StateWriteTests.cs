using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StateWriteTests : StorageTest
{
    private const string Name = SampleKey.StateName;

    private protected StateWriteTests()
    {
    }

    private protected StateWriteTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_one_wins_and_leaves_one_row()
    {
        var writes = Enumerable.Range(0, 8).Select(async writer =>
        {
            var state = SampleKey.New("vk_race");
            state.State = state.State with { Note = $"writer {writer}" };
            await Task.Yield();
            try
            {
                await Write(Name, "vk_race", state);
                return state.State.Note;
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        });
        var winners = (await Task.WhenAll(writes.Select(write => Task.Run(() => write)))).OfType<string>().ToList();

        var winner = Assert.Single(winners);
        Assert.Equal(1, await Database.Number("SELECT COUNT(*) FROM OrleansStorage"));
        Assert.Equal(winner, (await Read(Name, "vk_race")).State.Note);
    }

    [Fact]
    public async Task A_first_write_loses_to_a_row_that_is_there()
    {
        await Write(Name, "vk_1", SampleKey.New("vk_1"));
        var second = SampleKey.New("vk_1");
        second.State = second.State with { Note = "second" };

        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Name, "vk_1", second));

        var stored = await Read(Name, "vk_1");
        Assert.Equal(("", "1"), (stored.State.Note, stored.ETag));
    }

    [Fact]
    public async Task A_write_on_a_stale_version_is_refused_and_changes_nothing()
    {
        await Write(Name, "vk_1", SampleKey.New("vk_1"));
        var first = await Read(Name, "vk_1");
        var stale = await Read(Name, "vk_1");
        first.State = first.State.Next("rotate") with { Note = "first" };
        await Write(Name, "vk_1", first);

        stale.State = stale.State.Next("revoke") with { Note = "stale" };
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Name, "vk_1", stale));

        var stored = await Read(Name, "vk_1");
        Assert.Equal(("first", "2"), (stored.State.Note, stored.ETag));
        Assert.Equal(2, await Database.Number("SELECT COUNT(*) FROM KeysAudit"));
    }

    [Fact]
    public async Task Of_many_updates_of_one_version_one_wins()
    {
        await Write(Name, "vk_1", SampleKey.New("vk_1"));
        var readers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Read(Name, "vk_1")));

        var outcomes = await Task.WhenAll(readers.Select(state => Task.Run(async () =>
        {
            state.State = state.State.Next("rotate");
            return await Record.ExceptionAsync(() => Write(Name, "vk_1", state));
        })));

        Assert.Single(outcomes, exception => exception is null);
        Assert.Equal(7, outcomes.OfType<InconsistentStateException>().Count());
        Assert.Equal("2", (await Read(Name, "vk_1")).ETag);
    }

    [Fact]
    public async Task A_version_without_a_row_is_refused_and_makes_none()
    {
        var state = SampleKey.New("vk_1");
        state.ETag = "3";

        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Name, "vk_1", state));

        Assert.Equal(0, await Database.Number("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Reading_an_unknown_id_finds_nothing_and_creates_no_row()
    {
        var state = await Read(Name, "vk_unknown");

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal(0, await Database.Number("SELECT COUNT(*) FROM OrleansStorage"));
    }

    [Fact]
    public async Task Sixty_four_kibibytes_of_unicode_and_escapes_come_back_as_they_were()
    {
        const string piece = "ключ 鍵 🔑 \u0000 \\u0000 \" \\ \u2028 é";
        var state = SampleKey.New("vk_1");
        state.State = state.State with { Note = string.Concat(Enumerable.Repeat(piece, 64 * 1024 / piece.Length)) };

        await Write(Name, "vk_1", state);

        Assert.Equal(state.State.Note, (await Read(Name, "vk_1")).State.Note);
        var page = await Index.ListPage<SampleKey>(Name, "project_a", 0, 10, CancellationToken.None);
        Assert.Equal(state.State.Note, Assert.Single(page).Note);
    }

    public sealed class OnSqlite : StateWriteTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : StateWriteTests(postgres);
}
