using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(nameof(PostgresFixture))]
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
        await using var holder = new NpgsqlConnection(database);
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({SchemaMigrator.LockKey})", holder);
        await hold.ExecuteNonQueryAsync();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MigrateAsync(database, giveUp.Token));
    }

    [Fact]
    public async Task An_unreachable_server_fails_the_migration()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(postgres.Server.GetConnectionString("postgres"))
        {
            Port = FreePort.Next(),
        };

        await Assert.ThrowsAsync<SchemaMigrationException>(() => MigrateAsync(nowhere.ConnectionString, default));
    }

    private static Task MigrateAsync(string connectionString, CancellationToken cancellationToken) =>
        SchemaMigrator.UpgradePostgreSqlAsync(connectionString, NullLogger.Instance, cancellationToken);
}
