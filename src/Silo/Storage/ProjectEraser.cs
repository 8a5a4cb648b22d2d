using System.Data.Common;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Deletes rows of a project that is being erased. The SQL runs on PostgreSQL and on SQLite. The triggers maintain the
/// indexes, and record no events for such a project.
/// </summary>
internal sealed class ProjectEraser(DbDataSource dataSource, string serviceId) : IProjectEraser
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

    private static readonly string EventsSql = $"""
        DELETE FROM KeysEvent
        WHERE Position IN (
            SELECT Position FROM KeysEvent
            WHERE ServiceId = @ServiceId AND ProjectId = @Project AND Type <> 'erasure_requested'
            LIMIT {BatchSize})
        """;

    public async Task<bool> EraseBatchAsync(string project, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ExecuteAsync(connection, VirtualKeysSql, project, cancellationToken) == 0
            && await ExecuteAsync(connection, EventsSql, project, cancellationToken) == 0;
    }

    private async Task<int> ExecuteAsync(
        DbConnection connection, string sql, string project, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.AddParameter("@ServiceId", serviceId);
        command.AddParameter("@Project", project);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
