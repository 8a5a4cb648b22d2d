using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>A reader that follows the events by snapshots misses none, in whatever order transactions commit.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class EventFollowingTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string StateName = TestKeyState.StateName;

    private string _since = "";

    [Fact]
    public async Task An_event_that_commits_late_is_read_once_it_is_visible()
    {
        _since = await ReadSnapshotAsync();
        await using var late = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await WriteInAsync(late, "vk_late");
        await WriteAsync(StateName, "vk_early", TestKeyState.Create("vk_early"));

        // The snapshots of both reads are later than the late event's transaction.
        Assert.Equal(["vk_early"], await FollowAsync());
        await WriteAsync(StateName, "vk_next", TestKeyState.Create("vk_next"));
        Assert.Equal(["vk_next"], await FollowAsync());
        await transaction.CommitAsync();

        Assert.Equal(["vk_late"], await FollowAsync());
        Assert.Empty(await FollowAsync());
        Assert.Equal(
            [["vk_late"], ["vk_early"], ["vk_next"]],
            await Database.QueryRowsAsync("SELECT Id FROM KeysEvent ORDER BY Position"));
    }

    [Fact]
    public async Task An_event_that_is_rolled_back_is_never_read()
    {
        _since = await ReadSnapshotAsync();
        await using (var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await WriteInAsync(connection, "vk_rolled_back");
            Assert.Empty(await FollowAsync());
            await transaction.RollbackAsync();
        }

        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        Assert.Equal(["vk_1"], await FollowAsync());
    }

    [Fact]
    public async Task Concurrent_writers_and_a_reader_that_polls_lose_no_event_and_repeat_none()
    {
        _since = await ReadSnapshotAsync();
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var id = $"vk_{writer}_{i}";
                await WriteAsync(StateName, id, TestKeyState.Create(id));
            }
        })));

        var read = new List<string>();
        while (!writers.IsCompleted) read.AddRange(await FollowAsync());
        await writers;
        read.AddRange(await FollowAsync());

        Assert.Equal(200, read.Count);
        Assert.Equal(200, read.Distinct().Count());
    }

    [Fact]
    public async Task Following_the_events_reads_only_new_ones_through_the_index()
    {
        await Database.ExecuteScalarAsync(
            """
            INSERT INTO KeysEvent (Xid, ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At)
            SELECT '3', 'keys', 'virtual-key', 'vk_' || n, 'project_a', 1, 'create', 'a', 'now'
            FROM generate_series(1, 20000) n;
            ANALYZE
            """);
        _since = await ReadSnapshotAsync();
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        var plan = await Database.QueryRowsAsync("EXPLAIN (ANALYZE, BUFFERS) " + FollowSql());

        Assert.Contains(plan, line => ((string)line[0]!).Contains("ix_keysevent_xid", StringComparison.Ordinal));
        Assert.Equal(["vk_1"], await FollowAsync());
    }

    [Fact]
    public async Task Events_restored_from_another_server_are_not_read_as_new_ones()
    {
        await WriteAsync(StateName, "vk_restored", TestKeyState.Create("vk_restored"));
        await Database.ExecuteScalarAsync("UPDATE KeysEvent SET Xid = '1000000000000'");

        await Database.MigrateAsync();
        _since = await ReadSnapshotAsync();
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        Assert.Equal(["vk_1"], await FollowAsync());
        Assert.Empty(await FollowAsync());
    }

    private string FollowSql() => $"""
        SELECT Id FROM KeysEvent
        WHERE ServiceId = '{ServiceId}' AND Xid >= pg_snapshot_xmin('{_since}')
          AND NOT pg_visible_in_snapshot(Xid, '{_since}')
        """;

    private async Task<string> ReadSnapshotAsync() =>
        (string)(await Database.ExecuteScalarAsync("SELECT pg_current_snapshot()::text"))!;

    /// <summary>Reads the events since the last call, in the snapshot from which the next call continues.</summary>
    private async Task<List<string>> FollowAsync()
    {
        await using var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead);
        await using var snapshot = new NpgsqlCommand("SELECT pg_current_snapshot()::text", connection);
        var next = (string)(await snapshot.ExecuteScalarAsync())!;

        var ids = new List<string>();
        await using (var command = new NpgsqlCommand(FollowSql(), connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) ids.Add(reader.GetString(0));
        }

        await transaction.CommitAsync();
        _since = next;
        return ids;
    }

    private static async Task WriteInAsync(NpgsqlConnection connection, string id)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO OrleansStorage
                (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                 PayloadBinary, ModifiedOn, Version)
            VALUES
                (1, 0, 0, 7, 'virtual-key', @Id, 'keys',
                 convert_to(json_build_object(
                     'id', @Id, 'project_id', 'project_b', 'revision', 1, 'created_at', '2026-11-22T10:15:00.000Z',
                     'change', json_build_object('action', 'create', 'actor', 'a', 'at', 'now'))::text, 'UTF8'),
                 now(), 1)
            """,
            connection);
        insert.Parameters.Add(new NpgsqlParameter<string>("Id", id) { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync();
    }
}
