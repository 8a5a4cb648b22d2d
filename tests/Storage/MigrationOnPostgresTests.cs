using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class MigrationOnPostgresTests(PostgresFixture postgres) : MigrationTests(postgres)
{
    private protected override string SchemaSql => """
        SELECT 'column', attrelid, attname::text, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
               attidentity, attcollation::regcollation, pg_get_expr(adbin, adrelid))
        FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        UNION ALL
        SELECT 'relation', oid, relname, concat_ws(' ', relkind, relfilenode, reloptions)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'index', indexrelid, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'constraint', oid, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function', oid, proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'trigger', oid, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1, 2, 3
        """;

    /// <summary>Lock conflicts are symmetric: a script that waits for no writer blocks none.</summary>
    [Fact]
    public async Task Applying_the_schema_to_a_database_that_has_it_neither_waits_for_writers_nor_blocks_them()
    {
        await RenameAppliedScriptsAsync();
        var database = ((PostgreSqlTestDatabase)Database).ConnectionString;
        await using var writer = new NpgsqlConnection(database);
        await writer.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        var tables = await Database.QueryRowsAsync(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
        foreach (var table in tables)
        {
            await using var write = new NpgsqlCommand($"LOCK TABLE {table[0]} IN ROW EXCLUSIVE MODE", writer);
            await write.ExecuteNonQueryAsync();
        }

        var log = new RecordingLogger();
        await Database.MigrateAsync(log);

        Assert.Equal(0, log.Count(310));
        Assert.Equal(1, await Database.QueryInt64Async(
            $"SELECT COUNT(*) FROM schemaversions WHERE scriptname = '{MigrationScripts.PostgreSqlSchema}'"));
    }
}
