using System.Data.Common;
using KeysCluster.Silo.Moves;
using KeysCluster.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests.Moves;

/// <summary>A table or column that is added to a schema must be moved, or left out for a reason.</summary>
[Collection(SharedPostgres.Name)]
[Trait("Requires", "PostgreSQL")]
public sealed class MovedTablesTests(PostgresFixture postgres)
{
    /// <summary>The tables of a cluster that an embedded service does not have, and does not need to fill.</summary>
    private static readonly string[] OnlyInCluster =
        ["orleansmembershiptable", "orleansmembershipversiontable", "keyslease", "keysownersettings"];

    /// <summary>Columns of a cluster's tables that it fills itself.</summary>
    private static readonly string[] OnlyInClusterColumns = ["keysevent.xid"];

    [Fact]
    public async Task Every_table_of_the_embedded_database_is_moved_or_left_out_for_a_reason()
    {
        await using var sqlite = await CreateSqliteAsync();

        var tables = await ReadAsync(sqlite.DataSource, "SELECT name FROM sqlite_master WHERE type = 'table'");

        var known = MovedTables.Names.Concat(MovedTables.LeftOut.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.All(tables, table => Assert.Contains(table, known));
        Assert.All(MovedTables.Names, table => Assert.Contains(table, tables));
        Assert.All(MovedTables.LeftOut.Values, reason => Assert.NotEmpty(reason));
    }

    [Fact]
    public async Task Every_table_of_the_cluster_is_filled_or_its_own()
    {
        await using var cluster = await CreatePostgresAsync();

        var tables = await ReadAsync(
            cluster.DataSource, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()");

        var known = MovedTables.Names.Concat(MovedTables.LeftOut.Keys).Concat(OnlyInCluster)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.All(tables, table => Assert.Contains(table, known));
    }

    [Fact]
    public async Task Every_column_has_the_same_name_in_both_databases()
    {
        await using var sqlite = await CreateSqliteAsync();
        await using var cluster = await CreatePostgresAsync();

        foreach (var table in MovedTables.Names)
        {
            var source = await ReadAsync(
                sqlite.DataSource, $"SELECT lower('{table}.' || name) FROM pragma_table_info('{table}')");
            var target = await ReadAsync(
                cluster.DataSource,
                $"""
                SELECT lower('{table}.' || column_name) FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = lower('{table}')
                """);
            Assert.Equal(source.Order(), target.Except(OnlyInClusterColumns).Order());
        }
    }

    [Fact]
    public void A_digest_shows_every_difference_but_the_order_of_the_rows()
    {
        object?[] first = [1L, "a", null, new byte[] { 1 }, DateTime.UnixEpoch];
        object?[][] others =
        [
            [2L, "a", null, new byte[] { 1 }, DateTime.UnixEpoch],
            [1L, "b", null, new byte[] { 1 }, DateTime.UnixEpoch],
            [1L, "a", "", new byte[] { 1 }, DateTime.UnixEpoch],
            [1L, "a", null, new byte[] { 2 }, DateTime.UnixEpoch],
            [1L, "a", null, new byte[] { 1 }, DateTime.UnixEpoch.AddMicroseconds(1)],
            [1L, null, "a", new byte[] { 1 }, DateTime.UnixEpoch],
        ];

        Assert.Equal(Digest(first, others[0]), Digest(others[0], first));
        Assert.Distinct(others.Append(first).Select(row => Digest(row)).Append(Digest(first, first)));
    }

    [Fact]
    public void Json_is_compared_without_the_order_of_its_members()
    {
        Assert.Equal(
            CanonicalJson.Format("""{"a": [1, {"c": null, "b": "x"}], "b": true}"""),
            CanonicalJson.Format("""{"b":true,"a":[1,{"b":"x","c":null}]}"""));
        Assert.NotEqual(CanonicalJson.Format("[1,2]"), CanonicalJson.Format("[2,1]"));
        Assert.Equal("null", CanonicalJson.Format("null"));
    }

    private static string Digest(params object?[][] rows)
    {
        using var digest = new RowDigest();
        foreach (var row in rows) digest.Add(row);
        return digest.ToString();
    }

    private static async Task<SqliteTestDatabase> CreateSqliteAsync()
    {
        var database = new SqliteTestDatabase();
        await database.MigrateAsync(NullLogger.Instance);
        return database;
    }

    private async Task<PostgreSqlTestDatabase> CreatePostgresAsync()
    {
        var database = new PostgreSqlTestDatabase(await postgres.Server.CreateDatabaseAsync());
        await database.MigrateAsync(NullLogger.Instance);
        return database;
    }

    private static async Task<List<string>> ReadAsync(DbDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }
}
