namespace KeysCluster.Storage.Tests;

[Collection(nameof(PostgresFixture))]
public sealed class ServerCrashTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string StateName = TestKeyState.StateName;

    private readonly PostgresFixture _fixture = postgres;

    [Fact]
    public async Task An_acknowledged_write_survives_a_crash_and_an_orderly_restart_of_the_server()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        await _fixture.Server.KillAsync();
        await _fixture.Server.StartAsync();

        var state = await ReadAfterReconnectingAsync();
        Assert.Equal("1", state.ETag);
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);

        await _fixture.Server.StopAsync();
        await _fixture.Server.StartAsync();

        Assert.Equal("2", (await ReadAfterReconnectingAsync()).ETag);
        Assert.Equal(2, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysAudit"));
    }

    // The pool still holds the one connection of the server that was; its first use finds that out.
    private async Task<TestGrainState> ReadAfterReconnectingAsync()
    {
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => ReadAsync(StateName, "vk_1"));
        return await ReadAsync(StateName, "vk_1");
    }
}
