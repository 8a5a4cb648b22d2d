using System.Data.Common;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Erasures;

/// <summary>Counts the reminders of erasures whose time has passed. A completed erasure has no reminder.</summary>
internal sealed class OverdueErasureQuery(DbDataSource database, string serviceId)
{
    /// <summary>The count stops here, so that the query costs the same after any outage.</summary>
    public const int MaxCount = 10_000;

    private const string Sql = """
        SELECT count(*), min(StartTime) FROM (
            SELECT StartTime FROM OrleansRemindersTable
            WHERE ServiceId = @ServiceId AND StartTime < @Before
            ORDER BY StartTime LIMIT @MaxCount) AS overdue
        """;

    /// <summary>Returns the erasures that were due before an instant.</summary>
    public async Task<OverdueErasures> ReadAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.AddParameter("ServiceId", serviceId);
        command.AddParameter("Before", before.UtcDateTime);
        command.AddParameter("MaxCount", MaxCount);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new OverdueErasures(
            reader.GetInt32(0),
            reader.IsDBNull(1) ? null : DateTime.SpecifyKind(reader.GetDateTime(1), DateTimeKind.Utc));
    }
}
