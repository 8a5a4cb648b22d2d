using System.Globalization;
using KeysCluster.Events;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// Snapshots and transaction ids are sent as text, because the driver has no type for them. Functions delete events,
/// because the role of the service may not.
/// </summary>
internal sealed class PostgresEventDialect : EventDialect
{
    public override string Collation => " COLLATE \"C\"";

    public override string VisibleSql => "pg_visible_in_snapshot(e.Xid, @Snapshot::pg_snapshot)";

    public override string LaterSql => "NOT pg_visible_in_snapshot(e.Xid, @SinceUnassigned::pg_snapshot)";

    public override string DeleteOldSql => "SELECT keys_delete_events(@ServiceId, @Before, @Limit)";

    public override string EraseSql => "SELECT keys_erase_events(@ServiceId, @Project, @Limit)";

    public override IEnumerable<(string Name, object Value)> GetParameters(EventPosition position)
    {
        yield return ("@Snapshot", FormatSnapshot(position.Until!.FirstIncomplete, position.Until.InProgress));
        if (position.Since is not { } since) yield break;

        // The snapshot that contains every transaction with a lower id.
        yield return ("@SinceUnassigned", FormatSnapshot(since.FirstUnassigned, []));
        yield return ("@InProgress", since.InProgress.Select(FormatId).ToArray());
        yield return ("@FirstIncomplete", FormatId(since.FirstIncomplete));
        yield return ("@FirstUnassigned", FormatId(since.FirstUnassigned));
    }

    /// <summary>Returns the text form of a <c>pg_snapshot</c>, <c>xmin:xmax:xip_list</c>.</summary>
    private static string FormatSnapshot(ulong firstIncomplete, IReadOnlyList<ulong> inProgress)
    {
        var first = inProgress.Count == 0 ? firstIncomplete : inProgress[0];
        return $"{FormatId(first)}:{FormatId(firstIncomplete)}:{string.Join(',', inProgress.Select(FormatId))}";
    }

    private static string FormatId(ulong id) => id.ToString(CultureInfo.InvariantCulture);
}
