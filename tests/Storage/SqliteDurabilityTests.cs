using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests;

public sealed class SqliteDurabilityTests : IAsyncLifetime
{
    private readonly SqliteTestDatabase _database = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-sqlite-");

    public Task InitializeAsync() => _database.MigrateAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("secure_delete", "1")]
    public async Task Every_connection_has_the_durability_settings(string setting, string expected)
    {
        await using var first = await _database.DataSource.OpenConnectionAsync();
        await using var second = _database.DataSource.CreateConnection();
        second.Open();

        foreach (var connection in new[] { first, second })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA {setting}";
            Assert.Equal(expected, Convert.ToString(await command.ExecuteScalarAsync(), null));
        }
    }

    [Fact]
    public async Task Disposing_the_data_source_closes_its_pooled_connections()
    {
        var path = Path.Combine(_folder.FullName, "keys.db");
        await using (var dataSource = new SqliteDataSource(path, NullLogger<SqliteDataSource>.Instance))
        await using (var command = dataSource.CreateCommand("CREATE TABLE t (x)"))
        {
            await command.ExecuteNonQueryAsync();
            Assert.True(File.Exists(path + "-wal"));
        }

        // Closing the last connection moves the log into the database and deletes it.
        Assert.False(File.Exists(path + "-wal"));
    }

    [Fact]
    public async Task Opening_a_missing_folder_fails_immediately()
    {
        var path = Path.Combine(_folder.FullName, "no-such-folder", "keys.db");
        await using var dataSource = new SqliteDataSource(path, NullLogger<SqliteDataSource>.Instance);

        await Assert.ThrowsAsync<SqliteException>(async () => await dataSource.OpenConnectionAsync());
    }
}
