namespace KeysCluster.Silo.Storage;

/// <summary>
/// Empties SQLite's write-ahead log now and then, whether it is full or not: the log keeps pages as they were, with the
/// hashes of secrets that have been erased since.
/// </summary>
internal sealed partial class SqliteCheckpoints(
    SqliteDataSource database, TimeProvider time, ILogger<SqliteCheckpoints> logger) : BackgroundService
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
            catch (System.Data.Common.DbException exception)
            {
                LogNotEmptied(logger, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The write-ahead log could not be emptied; trying again.")]
    private static partial void LogNotEmptied(ILogger logger, Exception exception);
}
