using System.Data.Common;
using System.Globalization;
using KeysCluster.Events;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// The events of the embedded topology. One process writes them, so positions are in the order of commits.
/// </summary>
internal sealed class SqliteEventStore(SqliteDataSource dataSource, string serviceId)
    : EventStore(dataSource, serviceId, new SqliteEventDialect())
{
    private const string SnapshotSql = """
        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
               IFNULL((SELECT seq FROM sqlite_sequence WHERE name = 'KeysEvent'), 0)
        """;

    protected override async Task<(string Timeline, EventSnapshot Snapshot)> TakeSnapshotAsync(
        DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = SnapshotSql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var time = DateTimeOffset.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
        return ("", new EventSnapshot(time, reader.GetInt64(1), 0, 0, []));
    }

    /// <summary>A file that was restored from a backup has given out fewer positions.</summary>
    protected override bool IsSameTimeline(EventPosition position, string timeline, EventSnapshot now) =>
        (position.Until ?? position.Since)!.LastPosition <= now.LastPosition;

    protected override Task<bool> TryLockDeletionAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        Task.FromResult(true);
}
