using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Events;
using Npgsql;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// The events of a cluster. Positions are assigned before transactions commit, so a later round also looks for events
/// of the transactions that were in progress when the round before it began.
/// </summary>
internal sealed class PostgresEventStore(NpgsqlDataSource dataSource, string serviceId)
    : EventStore(dataSource, serviceId, new PostgresEventDialect())
{
    /// <summary>The number is arbitrary, but every version of this service must use the same.</summary>
    private const long DeletionLockKey = 0x6B65_7973_6576_6E74;

    /// <summary>The characters of the hash that identifies a timeline.</summary>
    private const int TimelineLength = 16;

    // The snapshot and the last position belong to one statement, and so to one view of the database. age() reads the
    // next transaction id after the snapshot was taken, without assigning it.
    private const string SnapshotSql = $"""
        SELECT clock_timestamp(),
               COALESCE((SELECT MAX(Position) FROM KeysEvent), 0),
               pg_snapshot_xmax(s.Snapshot)::text,
               age(pg_snapshot_xmax(s.Snapshot)::xid),
               ARRAY(SELECT pg_snapshot_xip(s.Snapshot)::text),
               {LeaseSql.Timeline},
               (SELECT system_identifier FROM pg_control_system()),
               'KeysEvent'::regclass::oid::bigint
        FROM (SELECT pg_current_snapshot() AS Snapshot) s
        """;

    protected override async Task<(string Timeline, EventSnapshot Snapshot)> TakeSnapshotAsync(
        DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = SnapshotSql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var firstIncomplete = ParseId(reader.GetString(2));
        var snapshot = new EventSnapshot(
            reader.GetFieldValue<DateTimeOffset>(0),
            reader.GetInt64(1),
            firstIncomplete,
            firstIncomplete + (uint)reader.GetInt32(3),
            [.. reader.GetFieldValue<string[]>(4).Select(ParseId).Order()]);
        var timeline = string.Create(
            CultureInfo.InvariantCulture, $"{reader.GetString(5)} {reader.GetInt64(6)} {reader.GetInt64(7)}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(timeline));
        return (Convert.ToHexStringLower(hash)[..TimelineLength], snapshot);
    }

    protected override bool IsSameTimeline(EventPosition position, string timeline, EventSnapshot now) =>
        position.Timeline == timeline;

    protected override async Task<bool> TryLockDeletionAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT pg_try_advisory_xact_lock(@Key)";
        command.AddParameter("@Key", DeletionLockKey);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static ulong ParseId(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
