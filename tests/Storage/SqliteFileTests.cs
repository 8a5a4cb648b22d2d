using System.Data.Common;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.Silo.Storage.Sqlite;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;

namespace KeysCluster.Storage.Tests;

/// <summary>The embedded database, whose file disappears or is damaged while it is open.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private const int GoneEvent = 301;
    private const int ReturnedEvent = 302;
    private const int DamagedEvent = 303;
    private const int WriteFailedEvent = 304;
    private const int WrittenEvent = 305;
    private const int PageSize = 4096;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-sqlite-");
    private readonly RecordingLogger<SqliteDataSource> _logger = new();
    private readonly SqliteDataSource _database;
    private readonly CountingStorage _storage;
    private readonly GuardedStorage _guard;

    public SqliteFileTests()
    {
        Directory.CreateDirectory(DataFolder);
        _database = new SqliteDataSource(DatabaseFile, _logger);
        _storage = new CountingStorage(_database);
        _guard = new GuardedStorage(_storage, new SqliteWriteGuard(_database));
    }

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    private string MovedFolder => Path.Combine(_folder.FullName, "moved");

    private string DatabaseFile => Path.Combine(DataFolder, "keys.db");

    public async Task InitializeAsync()
    {
        await SchemaMigrator.UpgradeSqliteAsync(_database, NullLogger.Instance);
        await ExecuteAsync("CREATE TABLE Counter (Value INTEGER)");
        await ExecuteAsync("INSERT INTO Counter VALUES (0)");
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public static TheoryData<string> Losses => ["delete", "delete the folder", "delete the log", "move", "replace"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task No_write_is_acknowledged_into_a_file_that_is_gone(string loss)
    {
        await WriteAsync();
        Lose(loss);

        await AssertGoneAsync(WriteAsync);
        await AssertGoneAsync(ClearAsync);

        Assert.Equal(1, _storage.CommitCount);
        Assert.Equal(1, _logger.Count(GoneEvent));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_write_during_which_the_file_disappears_is_not_acknowledged(string loss)
    {
        await WriteAsync();
        _storage.AfterCommit = () => Lose(loss);

        await AssertGoneAsync(WriteAsync);

        Assert.Equal(2, _storage.CommitCount);
    }

    [Fact]
    public async Task A_database_that_replaces_an_open_one_is_not_read()
    {
        Lose("replace");

        await AssertGoneAsync(() => ExecuteAsync("SELECT COUNT(*) FROM Counter"));
    }

    [Fact]
    public async Task No_empty_database_is_created_when_the_file_is_gone()
    {
        SqliteConnection.ClearAllPools();
        Lose("delete");

        await AssertGoneAsync(WriteAsync);

        Assert.False(File.Exists(DatabaseFile));
    }

    [Fact]
    public async Task Changes_continue_when_a_folder_that_was_moved_away_is_back()
    {
        await WriteAsync();
        Directory.Move(DataFolder, MovedFolder);
        await AssertGoneAsync(WriteAsync);
        Directory.Move(MovedFolder, DataFolder);

        await WriteAsync();

        Assert.Equal(2, Convert.ToInt32(await ExecuteAsync("SELECT Value FROM Counter"), null));
        Assert.Equal(1, _logger.Count(ReturnedEvent));
    }

    /// <summary>SQLite deletes the log when the last connection is closed; the pool closes idle ones.</summary>
    [Fact]
    public async Task A_file_whose_pooled_connections_were_closed_is_not_gone()
    {
        await WriteAsync();
        SqliteConnection.ClearAllPools();
        Assert.Null(_database.FileMonitor.Problem);

        await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();

        Assert.Null(_database.FileMonitor.Problem);
        await WriteAsync();
        Assert.Equal(0, _logger.Count(GoneEvent));
    }

    /// <summary>SQLite detects damage when it reads a damaged page that it has not cached.</summary>
    [Fact]
    public async Task No_write_is_acknowledged_into_a_file_that_was_found_damaged()
    {
        await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        await using (var file = new FileStream(DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.Write(new byte[file.Length]);

        await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync("SELECT Value FROM Counter"));
        await Assert.ThrowsAnyAsync<DbException>(WriteAsync);

        Assert.Equal(0, _storage.CommitCount);
        Assert.Equal(1, _logger.Count(DamagedEvent));
        Assert.Contains("is damaged", (await CheckHealthAsync()).Description, StringComparison.Ordinal);
    }

    /// <summary>SQLite reads the pages of a table while a reader advances through its rows.</summary>
    [Fact]
    public async Task Damage_that_a_reader_finds_in_a_later_row_is_noticed()
    {
        await ExecuteAsync("CREATE TABLE Large (Value TEXT)");
        await ExecuteAsync("""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
            INSERT INTO Large SELECT hex(randomblob(500)) FROM n
            """);
        await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        await using (var file = new FileStream(DatabaseFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Seek(-PageSize, SeekOrigin.End);
            file.Write(new byte[PageSize]);
        }

        await using (var command = _database.CreateCommand("SELECT Value FROM Large"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            var rows = 0;
            await Assert.ThrowsAsync<SqliteException>(async () =>
            {
                while (await reader.ReadAsync()) rows++;
            });
            Assert.True(rows > 1, $"{rows} rows");
        }

        await Assert.ThrowsAnyAsync<DbException>(WriteAsync);
        Assert.Equal(0, _storage.CommitCount);
        Assert.Equal(1, _logger.Count(DamagedEvent));
        Assert.Contains("is damaged", (await CheckHealthAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_is_degraded_while_the_disk_is_full_until_a_change_is_written()
    {
        await WriteAsync();

        // The setting belongs to the connection, of which the pool has one.
        await ExecuteAsync("PRAGMA max_page_count = 1");
        _storage.Sql = "INSERT INTO Counter VALUES (zeroblob(1000000))";
        await Assert.ThrowsAsync<SqliteException>(WriteAsync);
        await Assert.ThrowsAsync<SqliteException>(WriteAsync);

        var result = await CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("disk is full", result.Description, StringComparison.Ordinal);
        Assert.Equal(1, _logger.Count(WriteFailedEvent));

        _storage.Sql = CountingStorage.UpdateSql;
        await WriteAsync();

        Assert.Equal(HealthStatus.Healthy, (await CheckHealthAsync()).Status);
        Assert.Equal(1, _logger.Count(WrittenEvent));
    }

    [Fact]
    public async Task Readiness_is_degraded_while_the_file_is_locked_until_the_lock_is_released()
    {
        using var stopping = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        using var checkpoints = new SqliteCheckpointService(
            _database, clock, NullLogger<SqliteCheckpointService>.Instance);
        await checkpoints.StartAsync(stopping.Token);
        await using (var other = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<SqliteException>(WriteAsync);
            Assert.Contains("is locked", (await CheckHealthAsync()).Description, StringComparison.Ordinal);
        }

        await Wait.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return (await CheckHealthAsync()).Status == HealthStatus.Healthy;
        });

        Assert.Equal(1, _logger.Count(WrittenEvent));
        await checkpoints.StopAsync(CancellationToken.None);
    }

    /// <summary>It concerns one change; others are written.</summary>
    [Fact]
    public async Task A_statement_that_is_refused_does_not_degrade_readiness()
    {
        _storage.Sql = "INSERT INTO NoSuchTable VALUES (1)";
        await Assert.ThrowsAsync<SqliteException>(WriteAsync);

        Assert.Equal(HealthStatus.Healthy, (await CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task An_ordinary_error_is_not_damage()
    {
        await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync("SELECT * FROM NoSuchTable"));

        await WriteAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task Readiness_is_degraded_while_the_file_is_gone()
    {
        Assert.Equal(HealthStatus.Healthy, (await CheckHealthAsync()).Status);
        Lose("move");

        var result = await CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("is gone", result.Description, StringComparison.Ordinal);
    }

    private void Lose(string loss)
    {
        switch (loss)
        {
            case "delete":
                File.Delete(DatabaseFile);
                break;
            case "delete the folder":
                Directory.Delete(DataFolder, recursive: true);
                break;
            case "delete the log":
                File.Delete(DatabaseFile + "-wal");
                break;
            case "move":
                Directory.Move(DataFolder, MovedFolder);
                break;
            case "replace":
                File.Copy(DatabaseFile, DatabaseFile + ".copy");
                File.Move(DatabaseFile + ".copy", DatabaseFile, overwrite: true);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(loss), loss, null);
        }
    }

    private static async Task AssertGoneAsync(Func<Task> operation)
    {
        var exception = await Assert.ThrowsAsync<SqliteException>(operation);
        Assert.Contains("is gone", exception.Message, StringComparison.Ordinal);
    }

    private Task WriteAsync() =>
        _guard.WriteStateAsync(TestKeyState.StateName, default, TestKeyState.Create("vk_1"));

    private Task ClearAsync() =>
        _guard.ClearStateAsync(TestKeyState.StateName, default, TestKeyState.Create("vk_1"));

    private Task<HealthCheckResult> CheckHealthAsync() =>
        new SqliteHealthCheck(_database).CheckHealthAsync(new HealthCheckContext());

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A storage that commits to the database, and counts its commits.</summary>
    private sealed class CountingStorage(SqliteDataSource database) : IGrainStorage
    {
        public const string UpdateSql = "UPDATE Counter SET Value = Value + 1";

        public int CommitCount { get; private set; }

        public string Sql { get; set; } = UpdateSql;

        public Action? AfterCommit { get; set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            throw new NotSupportedException();

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await using var command = database.CreateCommand(Sql);
            await command.ExecuteNonQueryAsync();
            CommitCount++;
            AfterCommit?.Invoke();
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            WriteStateAsync(stateName, grainId, grainState);
    }
}
