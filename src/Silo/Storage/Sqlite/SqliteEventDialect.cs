using KeysCluster.Events;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// SQLite compares texts as bytes, and has one writer: every event up to the last position is visible.
/// </summary>
internal sealed class SqliteEventDialect : EventDialect
{
    public override string Collation => "";

    public override string VisibleSql => "(1 = 1)";

    public override string LaterSql => "(1 = 1)";

    public override string DeleteOldSql => """
        DELETE FROM KeysEvent WHERE Position IN (
            SELECT Position FROM KeysEvent
            WHERE ServiceId = @ServiceId AND At < @Before
            ORDER BY At
            LIMIT @Limit);
        SELECT changes()
        """;

    public override string EraseSql => """
        DELETE FROM KeysEvent WHERE Position IN (
            SELECT Position FROM KeysEvent
            WHERE ServiceId = @ServiceId AND ProjectId = @Project AND Type <> 'erasure_requested'
            LIMIT @Limit);
        SELECT changes()
        """;

    public override IEnumerable<(string Name, object Value)> GetParameters(EventPosition position) => [];
}
