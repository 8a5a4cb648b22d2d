using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class VirtualKeyIndexOnPostgresTests(PostgresFixture postgres) : VirtualKeyIndexTests(postgres)
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task States_from_before_the_index_are_indexed_and_counted_once()
    {
        await CreateAsync("vk_1");
        var revoked = await CreateAsync("vk_2");
        await ChangeAsync(revoked, key => key with { RevokedAt = Time });
        var retiring = await CreateAsync("vk_3", "project_b");
        await ChangeAsync(retiring, key => key with { RetiringUntil = Time, Secrets = WithReplaced(key) });
        var (rows, retiringRows, usage) = (await ReadRowsAsync(), await ReadRetiringAsync(), await ReadUsageAsync());
        await Database.ExecuteScalarAsync(
            "TRUNCATE KeysVirtualKey, KeysRetiringKey, KeysProjectUsage; "
            + "DELETE FROM KeysSettings WHERE Name = 'virtual_keys_indexed'");

        for (var i = 0; i < 2; i++)
        {
            await Database.ExecuteScalarAsync("CALL keys_index_virtual_keys()");
            Assert.Equal(rows, await ReadRowsAsync());
            Assert.Equal(retiringRows, await ReadRetiringAsync());
            Assert.Equal(usage, await ReadUsageAsync());
        }
    }

    [Fact]
    public async Task A_key_that_changed_before_it_was_indexed_is_counted_once()
    {
        var state = await CreateAsync("vk_1");
        await CreateAsync("vk_2");
        await Database.ExecuteScalarAsync(
            "TRUNCATE KeysVirtualKey, KeysProjectUsage; DELETE FROM KeysSettings WHERE Name = 'virtual_keys_indexed'");

        await ChangeAsync(state, key => key with { RevokedAt = Time });
        await Database.ExecuteScalarAsync("CALL keys_index_virtual_keys()");

        Assert.Equal([["vk_1", "a key", "revoked", ""], ["vk_2", "a key", "active", ""]], await ReadRowsAsync());
        Assert.Equal([["project_a", "1"]], await ReadUsageAsync());
    }
}
