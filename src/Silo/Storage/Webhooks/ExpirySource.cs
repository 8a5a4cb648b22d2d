using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Deliveries;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Silo.Storage.Webhooks;

/// <summary>
/// Finds expiries in the index of virtual keys, and deadlines in the erasure reminders, whose time is that of the next
/// deadline. The SQL runs on PostgreSQL and on SQLite.
/// </summary>
internal sealed class ExpirySource(DbDataSource dataSource, string serviceId, WebhookDialect dialect) : IExpirySource
{
    /// <summary>The prefix of the grain ids of virtual keys.</summary>
    private const string GrainIdPrefix = $"{GrainTypeNames.VirtualKey}/";

    /// <summary>More than this at a time wait for the next call.</summary>
    private const int MaxRows = 50_000;

    private readonly string _retiringSql = $"""
        SELECT GrainId, {dialect.FormatReminderTime}
        FROM OrleansRemindersTable
        WHERE ServiceId = @ServiceId AND StartTime <= {dialect.ReminderTime}
        ORDER BY StartTime
        LIMIT {MaxRows}
        """;

    public async Task<IReadOnlyList<VirtualKeyId>> FindExpiringAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT Id FROM KeysVirtualKey
            WHERE ServiceId = @ServiceId AND ExpiresAt > @After AND ExpiresAt <= @Until AND Status <> 'revoked'
            ORDER BY ExpiresAt
            """;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@After", DeliveryColumns.Format(after));
        command.AddParameter("@Until", DeliveryColumns.Format(until));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<VirtualKeyId> keys = [];
        while (await reader.ReadAsync(cancellationToken)) keys.Add(VirtualKeyId.Parse(reader.GetString(0)));
        return keys;
    }

    public async Task<IReadOnlyList<(VirtualKeyId Key, DateTimeOffset DueAt)>> FindRetiringAsync(
        DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = _retiringSql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Until", until.UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(VirtualKeyId, DateTimeOffset)> keys = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var grain = reader.GetString(0);
            if (!grain.StartsWith(GrainIdPrefix, StringComparison.Ordinal)
                || !VirtualKeyId.TryParse(grain[GrainIdPrefix.Length..], out var key))
                continue;
            var dueAt = DateTimeOffset.Parse(
                reader.GetString(1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            keys.Add((key, dueAt));
        }

        return keys;
    }
}
