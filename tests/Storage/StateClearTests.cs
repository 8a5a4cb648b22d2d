using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StateClearTests : StorageTest
{
    private const string Name = SampleKey.StateName;

    private protected StateClearTests()
    {
    }

    private protected StateClearTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task A_cleared_state_keeps_its_row_and_its_version_goes_on()
    {
        var state = SampleKey.New("vk_1");
        await Write(Name, "vk_1", state);
        var before = await Read(Name, "vk_1");

        await Clear(Name, "vk_1", state);

        Assert.Equal("2", state.ETag);
        Assert.False((await Read(Name, "vk_1")).RecordExists);
        Assert.Equal(1, await Database.Number("SELECT COUNT(*) FROM OrleansStorage WHERE PayloadBinary IS NULL"));
        Assert.Equal(0, await Database.Number("SELECT COUNT(*) FROM KeysStateIndex"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Name, "vk_1", before));
    }

    [Fact]
    public async Task A_state_is_written_again_after_it_was_cleared()
    {
        var state = SampleKey.New("vk_1");
        await Write(Name, "vk_1", state);
        await Clear(Name, "vk_1", state);

        state.State = SampleKey.New("vk_1").State;
        await Write(Name, "vk_1", state);

        Assert.Equal("3", (await Read(Name, "vk_1")).ETag);
        Assert.Equal(1, await Database.Number("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task A_stale_clear_is_refused()
    {
        var state = SampleKey.New("vk_1");
        await Write(Name, "vk_1", state);
        var stale = await Read(Name, "vk_1");
        state.State = state.State.Next("rotate");
        await Write(Name, "vk_1", state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Clear(Name, "vk_1", stale));

        Assert.True((await Read(Name, "vk_1")).RecordExists);
    }

    public sealed class OnSqlite : StateClearTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : StateClearTests(postgres);
}
