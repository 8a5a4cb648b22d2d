namespace KeysCluster.Storage.Tests;

[Collection(nameof(Postgres))]
public sealed class ServerCrashTests(Postgres postgres) : StorageTest(postgres)
{
    private const string Name = SampleKey.StateName;

    private readonly Postgres _postgres = postgres;

    [Fact]
    public async Task An_acknowledged_write_survives_a_crash_and_an_orderly_restart_of_the_server()
    {
        await Write(Name, "vk_1", SampleKey.New("vk_1"));

        await _postgres.Server.KillAsync();
        await _postgres.Server.StartAsync();

        var state = await ReadWithALiveConnection();
        Assert.Equal("1", state.ETag);
        state.State = state.State.Next("rotate");
        await Write(Name, "vk_1", state);

        await _postgres.Server.StopAsync();
        await _postgres.Server.StartAsync();

        Assert.Equal("2", (await ReadWithALiveConnection()).ETag);
        Assert.Equal(2, await Database.Number("SELECT COUNT(*) FROM KeysAudit"));
    }

    // The pool still holds the one connection of the server that was; its first use finds that out.
    private async Task<StoredKey> ReadWithALiveConnection()
    {
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => Read(Name, "vk_1"));
        return await Read(Name, "vk_1");
    }
}
