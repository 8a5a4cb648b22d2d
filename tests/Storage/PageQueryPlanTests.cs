using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>A page of 20,000 keys is read through indexes, on analyzed tables and on new ones.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class PageQueryPlanTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string FillSql = """
        INSERT INTO OrleansStorage
            (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
             PayloadBinary, ModifiedOn, Version)
        SELECT hashtext(n::text), 0, 0, 7, 'virtual-key', 'vk_' || n, 'keys',
               convert_to(json_build_object(
                   'id', 'vk_' || n, 'project_id', 'project_' || n % 4, 'revision', 1,
                   'created_at', to_char(
                       timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                   'change', json_build_object('action', 'create', 'actor', 'a', 'at', 'now'))::text, 'UTF8'),
               now(), 1
        FROM generate_series(1, 20000) n
        """;

    [Theory]
    [InlineData(StateIndex.FirstSql)]
    [InlineData(StateIndex.AfterSql)]
    [InlineData(StateIndex.PageSql)]
    public async Task A_page_query_uses_indexes_and_never_scans_the_table(string sql)
    {
        await Database.ExecuteScalarAsync(FillSql);
        var cold = await ExplainAsync(sql);
        await Database.ExecuteScalarAsync("ANALYZE");
        var analyzed = await ExplainAsync(sql);

        Assert.All([cold, analyzed], plan =>
        {
            Assert.Contains("keysstateindex_pkey", plan, StringComparison.Ordinal);
            Assert.Contains("ux_orleansstorage", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Hash Join", plan, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(StateIndex.FirstSql)]
    [InlineData(StateIndex.AfterSql)]
    public async Task A_prepared_page_query_uses_a_generic_plan(string sql)
    {
        await Database.ExecuteScalarAsync(FillSql);
        await Database.ExecuteScalarAsync("ANALYZE");
        await using var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var page = new NpgsqlCommand(StateIndex.WithLimit(sql, 50), connection);
        foreach (var (name, value) in CreateParameters(sql)) page.Parameters.Add(new NpgsqlParameter(name, value));
        await page.PrepareAsync();
        for (var i = 0; i < 10; i++) await page.ExecuteNonQueryAsync();

        // PostgreSQL plans each of the first executions, and then decides whether it reuses a plan.
        await using var plans = new NpgsqlCommand(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%KeysStateIndex%'", connection);
        Assert.InRange((long)(await plans.ExecuteScalarAsync())!, 1, 10);
    }

    [Fact]
    public async Task A_key_is_read_through_the_unique_index()
    {
        await Database.ExecuteScalarAsync(FillSql);
        await Database.ExecuteScalarAsync("ANALYZE");
        var read = await Database.ExecuteScalarAsync(
            "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'");
        var plan = string.Join('\n', await GetPlanAsync((string)read!,
            ("GrainIdHash", 5), ("GrainTypeHash", 7), ("GrainTypeString", "virtual-key"), ("GrainIdN0", 0L),
            ("GrainIdN1", 0L), ("GrainIdExtensionString", "vk_5"), ("ServiceId", "keys")));

        Assert.Contains("Index Scan using ux_orleansstorage", plan, StringComparison.Ordinal);
    }

    private async Task<string> ExplainAsync(string sql) =>
        string.Join('\n', await GetPlanAsync(StateIndex.WithLimit(sql, 50), CreateParameters(sql)));

    private static (string Name, object Value)[] CreateParameters(string sql) =>
    [
        ("ServiceId", "keys"), ("StateName", "virtual-key"), ("Owner", "project_1"),
        .. sql switch
        {
            StateIndex.AfterSql => [("CreatedAt", "2026-01-01T02:00:00.000Z"), ("Id", "vk_7200")],
            StateIndex.PageSql => [("Offset", 100)],
            _ => Array.Empty<(string, object)>(),
        },
    ];

    private async Task<List<string>> GetPlanAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = Database.DataSource.CreateCommand("EXPLAIN (ANALYZE, BUFFERS) " + sql);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter(name, value));

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
