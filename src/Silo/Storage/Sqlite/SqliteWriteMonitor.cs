using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Remembers whether the last write succeeded. It fails when the disk is full, or another process keeps the file
/// locked. After a failure, <see cref="SqliteCheckpointService"/> writes periodically, so that a service without
/// changes recovers too.
/// </summary>
internal sealed partial class SqliteWriteMonitor(string path, ILogger logger)
{
    // Codes of sqlite3.h.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Readonly = 8;
    private const int InputOutputError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private SqliteException? _failure;

    /// <summary>Why the last change was not written; null if it was.</summary>
    public string? Problem => Volatile.Read(ref _failure) is { } failure
        ? $"Changes cannot be written: {failure.Message}"
        : null;

    /// <summary>Records the error of a write; ignores one that does not concern other changes.</summary>
    public void ReportFailed(SqliteException exception)
    {
        var isPersistent = exception.SqliteErrorCode
            is Busy or Locked or Readonly or InputOutputError or Full or CannotOpen;
        if (isPersistent && Interlocked.Exchange(ref _failure, exception) is null)
            LogWriteFailed(logger, exception, path);
    }

    public void ReportWritten()
    {
        if (Volatile.Read(ref _failure) is not null && Interlocked.Exchange(ref _failure, null) is not null)
            LogWritten(logger, path);
    }
}
