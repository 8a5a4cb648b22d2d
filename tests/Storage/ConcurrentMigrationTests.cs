using KeysCluster.Hosting;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class ConcurrentMigrationTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Four_silos_can_migrate_an_empty_database_concurrently()
    {
        var database = await postgres.Server.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(database, default))));

        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var count = dataSource.CreateCommand(
            "SELECT COUNT(*), COUNT(DISTINCT scriptname) FROM schemaversions");
        await using var reader = await count.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal(MigrationScripts.PostgreSql.Count, reader.GetInt64(0));
        Assert.Equal(reader.GetInt64(0), reader.GetInt64(1));
    }

    [Fact]
    public async Task Waiting_for_another_migration_can_be_canceled()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var otherSilo = new NpgsqlConnection(database);
        await otherSilo.OpenAsync();
        await using var acquire = new NpgsqlCommand($"SELECT pg_advisory_lock({SchemaMigrator.LockKey})", otherSilo);
        await acquire.ExecuteNonQueryAsync();
        using var cancellation = new CancellationTokenSource();

        var migration = MigrateAsync(database, cancellation.Token);
        await using var waiting = new NpgsqlCommand(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            + "AND query LIKE '%pg_try_advisory_lock%'",
            otherSilo);
        await Wait.UntilAsync(async () => (long)(await waiting.ExecuteScalarAsync())! == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => migration);
    }

    [Fact]
    public async Task An_unreachable_server_fails_the_migration()
    {
        var unreachable = new NpgsqlConnectionStringBuilder(postgres.Server.GetConnectionString("postgres"))
        {
            Port = FreePort.Next(),
        };

        await Assert.ThrowsAsync<StartupException>(() => MigrateAsync(unreachable.ConnectionString, default));
    }

    private static Task MigrateAsync(string connectionString, CancellationToken cancellationToken) =>
        SchemaMigrator.UpgradePostgreSqlAsync(
            connectionString, keepEventsFor: null, NullLogger.Instance, cancellationToken);
}
