using KeysCluster.Silo.Storage;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Storage.Tests;

public sealed class SqliteDurabilityTests : IAsyncLifetime
{
    private readonly SqliteTestDatabase _database = new();

    public Task InitializeAsync() => _database.Migrate();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("secure_delete", "1")]
    public async Task Every_connection_has_the_durable_settings(string setting, string expected)
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
    public async Task A_connection_is_returned_to_the_pool_and_closed_with_the_data_source()
    {
        var folder = Directory.CreateTempSubdirectory("keys-sqlite-");
        var path = Path.Combine(folder.FullName, "keys.db");
        await using (var dataSource = new SqliteDataSource(path))
        await using (var command = dataSource.CreateCommand("CREATE TABLE t (x)"))
        {
            await command.ExecuteNonQueryAsync();
            Assert.True(File.Exists(path + "-wal"));
        }

        // The last connection to close folds the log into the file.
        Assert.False(File.Exists(path + "-wal"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_an_error_at_once()
    {
        var path = Path.Combine(Path.GetTempPath(), "no-such-folder", "keys.db");
        await using var dataSource = new SqliteDataSource(path);

        await Assert.ThrowsAsync<SqliteException>(async () => await dataSource.OpenConnectionAsync());
    }
}
