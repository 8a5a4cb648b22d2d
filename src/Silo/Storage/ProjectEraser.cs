using System.Data.Common;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Deletes rows of a project that is being erased. The SQL runs on PostgreSQL and on SQLite. The triggers maintain the
/// indexes, and record no events for such a project.
/// </summary>
internal sealed class ProjectEraser(DbDataSource dataSource, EventDialect events, string serviceId) : IProjectEraser
{
    /// <summary>Small enough for a transaction of some milliseconds.</summary>
    private const int BatchSize = 200;

    private static readonly string VirtualKeysSql = $"""
        DELETE FROM OrleansStorage
        WHERE ServiceId = @ServiceId AND GrainTypeString = '{StorageNames.VirtualKey}'
          AND (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString) IN (
            SELECT GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainIdExtensionString
            FROM KeysStateIndex
            WHERE ServiceId = @ServiceId AND StateName = '{StorageNames.VirtualKey}' AND Owner = @Project
            LIMIT {BatchSize})
        """;

    private static readonly string DeliveriesSql = $"""
        DELETE FROM KeysWebhookDelivery WHERE ServiceId = @ServiceId AND Id IN (
            SELECT Id FROM KeysWebhookDelivery
            WHERE ServiceId = @ServiceId AND ProjectId = @Project
            LIMIT {BatchSize})
        """;

    /// <summary>At most one row for each webhook.</summary>
    private const string RedeliveriesSql = """
        DELETE FROM KeysWebhookRedelivery WHERE ServiceId = @ServiceId AND ProjectId = @Project
        """;

    public async Task<bool> EraseBatchAsync(string project, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var deleteKeys = CreateCommand(connection, VirtualKeysSql, project);
        if (await deleteKeys.ExecuteNonQueryAsync(cancellationToken) > 0) return false;

        await using var deleteRedeliveries = CreateCommand(connection, RedeliveriesSql, project);
        await deleteRedeliveries.ExecuteNonQueryAsync(cancellationToken);

        await using var deleteDeliveries = CreateCommand(connection, DeliveriesSql, project);
        if (await deleteDeliveries.ExecuteNonQueryAsync(cancellationToken) > 0) return false;

        await using var deleteEvents = CreateCommand(connection, events.EraseSql, project);
        deleteEvents.AddParameter("@Limit", BatchSize);
        return Convert.ToInt64(await deleteEvents.ExecuteScalarAsync(cancellationToken), null) == 0;
    }

    private DbCommand CreateCommand(DbConnection connection, string sql, string project)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Project", project);
        return command;
    }
}
