using System.Data.Common;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Truncates SQLite's write-ahead log periodically. The log contains earlier versions of pages, with hashes of secrets
/// that have been erased since; SQLite by itself would keep them until the log is full.
/// </summary>
internal sealed partial class SqliteCheckpointService(
    SqliteDataSource database, TimeProvider time, ILogger<SqliteCheckpointService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var command = database.CreateCommand("PRAGMA wal_checkpoint(TRUNCATE)");
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (DbException exception)
            {
                LogCheckpointFailed(logger, exception, Period);
            }
        }
    }
}
