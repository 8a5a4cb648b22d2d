using KeysCluster.TestKit;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StateClearTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected StateClearTests()
    {
    }

    private protected StateClearTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Clearing_a_state_keeps_its_row_and_increments_its_version()
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync(StateName, "vk_1", state);
        var before = await ReadAsync(StateName, "vk_1");

        await ClearAsync(StateName, "vk_1", state);

        Assert.Equal("2", state.ETag);
        Assert.False((await ReadAsync(StateName, "vk_1")).RecordExists);
        Assert.Equal(
            1, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansStorage WHERE PayloadBinary IS NULL"));
        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateName, "vk_1", before));
    }

    [Fact]
    public async Task A_cleared_state_can_be_written_again()
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync(StateName, "vk_1", state);
        await ClearAsync(StateName, "vk_1", state);

        state.State = TestKeyState.Create("vk_1").State;
        await WriteAsync(StateName, "vk_1", state);

        Assert.Equal("3", (await ReadAsync(StateName, "vk_1")).ETag);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task Clearing_with_a_stale_version_is_refused()
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync(StateName, "vk_1", state);
        var stale = await ReadAsync(StateName, "vk_1");
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => ClearAsync(StateName, "vk_1", stale));

        Assert.True((await ReadAsync(StateName, "vk_1")).RecordExists);
    }
}
