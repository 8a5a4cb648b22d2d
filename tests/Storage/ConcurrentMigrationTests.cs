using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(nameof(Postgres))]
public sealed class ConcurrentMigrationTests(Postgres postgres)
{
    [Fact]
    public async Task Four_nodes_that_migrate_an_empty_database_at_once_all_succeed()
    {
        var database = await postgres.Server.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrate(database, default))));

        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var count = dataSource.CreateCommand(
            "SELECT COUNT(*), COUNT(DISTINCT scriptname) FROM schemaversions");
        await using var reader = await count.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal(MigrationScripts.PostgreSql.Count, reader.GetInt64(0));
        Assert.Equal(reader.GetInt64(0), reader.GetInt64(1));
    }

    [Fact]
    public async Task Waiting_for_another_node_can_be_given_up()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var holder = new NpgsqlConnection(database);
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({SchemaMigrator.LockKey})", holder);
        await hold.ExecuteNonQueryAsync();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migrate(database, giveUp.Token));
    }

    [Fact]
    public async Task A_server_that_is_down_is_said_so()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(postgres.Server.ConnectionString("postgres"))
        {
            Port = FreePort.Next(),
        };

        await Assert.ThrowsAsync<SchemaMigrationException>(() => Migrate(nowhere.ConnectionString, default));
    }

    private static Task Migrate(string connectionString, CancellationToken cancellationToken) =>
        SchemaMigrator.UpgradePostgreSql(connectionString, NullLogger.Instance, cancellationToken);
}
