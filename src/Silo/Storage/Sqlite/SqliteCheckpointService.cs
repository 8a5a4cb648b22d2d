using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Truncates SQLite's write-ahead log periodically. The log contains earlier versions of pages, with hashes of secrets
/// that have been erased since; SQLite by itself would keep them until the log is full. After a failed write, the
/// service also writes, until a write succeeds.
/// </summary>
internal sealed partial class SqliteCheckpointService(
    SqliteDataSource database, TimeProvider time, ILogger<SqliteCheckpointService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Writes a page. Nothing reads the number.</summary>
    private const string WriteSql = "PRAGMA user_version = 1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)", stoppingToken);
            }
            catch (DbException exception)
            {
                LogCheckpointFailed(logger, exception, Period);
            }

            if (database.WriteMonitor.Problem is not null) await TryWriteAsync(stoppingToken);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(WriteSql, cancellationToken);
            database.WriteMonitor.ReportWritten();
        }
        catch (SqliteException exception)
        {
            database.WriteMonitor.ReportFailed(exception);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
