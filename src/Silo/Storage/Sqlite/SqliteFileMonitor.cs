using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Detects that a database file is gone (deleted, moved or replaced) or damaged while it is open. SQLite continues to
/// write to a file that has no name any longer, so a change could be acknowledged and then be lost.
/// </summary>
/// <remarks>
/// The monitor asks SQLite itself, through a connection that stays open. Opening and closing the file by other means
/// would release the locks that SQLite has on it (POSIX advisory locks).
/// </remarks>
internal sealed partial class SqliteFileMonitor(string path, ILogger logger) : IDisposable
{
    private const string NativeLibrary = "e_sqlite3";

    // Codes of sqlite3.h.
    private const int Readonly = 8;
    private const int ReadonlyFileMoved = 1032;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int ShortRead = 522;
    private const int HasMovedFileControl = 20;

    private readonly Lock _gate = new();
    private readonly string _logPath = path + "-wal";
    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Pooling = false,
    }.ConnectionString;

    /// <summary>Keeps the file and its write-ahead log open, so that both exist and the inode is not reused.</summary>
    private DurableSqliteConnection? _connection;

    private bool _wasInPlace = true;
    private volatile SqliteException? _damage;

    /// <summary>Raised when the file is in place again: connections opened meanwhile must be closed.</summary>
    public event Action? Returned;

    /// <summary>Why changes are refused; null if they are not.</summary>
    public string? Problem =>
        !IsInPlace() ? $"The database file {path} is gone; changes are refused, only cached secrets are validated."
        : _damage is not null ? $"The database file {path} is damaged; changes are refused."
        : null;

    /// <summary>Ensures that a connection is opened to the file that was opened first, and to no other one.</summary>
    /// <exception cref="SqliteException">The file is gone.</exception>
    public void EnsureInPlace()
    {
        if (!IsInPlace())
            throw new SqliteException($"The database file {path} is gone.", Readonly, ReadonlyFileMoved);
    }

    /// <summary>Ensures that no damage was found.</summary>
    /// <exception cref="SqliteException">The file is damaged.</exception>
    public void EnsureUndamaged()
    {
        if (_damage is { } damage)
            throw new SqliteException($"The database file {path} is damaged.", damage.SqliteErrorCode);
    }

    /// <summary>
    /// Remembers an error that shows that the file is damaged, until the process restarts; ignores any other one.
    /// </summary>
    public void Report(SqliteException exception)
    {
        var isDamage = exception.SqliteErrorCode is Corrupt or NotADatabase
            || exception.SqliteExtendedErrorCode == ShortRead;
        if (!isDamage || Interlocked.CompareExchange(ref _damage, exception, null) is not null) return;
        LogDamaged(logger, exception, path);
    }

    public void Dispose() => _connection?.Dispose();

    [LibraryImport(NativeLibrary, EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ControlFile(sqlite3 connection, string database, int operation, out int result);

    /// <summary>Returns whether the paths of the database and of its log still lead to the open files.</summary>
    private bool IsInPlace()
    {
        lock (_gate)
        {
            _connection ??= OpenConnection();
            var isInPlace = !HasMoved(_connection.Handle!) && File.Exists(_logPath);
            if (isInPlace != _wasInPlace)
            {
                _wasInPlace = isInPlace;
                if (isInPlace) Returned?.Invoke();
                if (isInPlace) LogReturned(logger, path);
                else LogGone(logger, path);
            }

            return isInPlace;
        }
    }

    private DurableSqliteConnection OpenConnection()
    {
        var connection = new DurableSqliteConnection(_connectionString);
        connection.Open();

        // The first read opens the log. From then on the connection has a lock that keeps the log from being deleted
        // when the others are closed.
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master";
        command.ExecuteScalar();
        return connection;
    }

    /// <summary>
    /// Returns whether the path leads to another file than the open one, or to none. This costs one <c>stat</c>. On
    /// Windows SQLite does not support the question, and open files can be neither deleted nor moved.
    /// </summary>
    private static bool HasMoved(sqlite3 connection) =>
        ControlFile(connection, "main", HasMovedFileControl, out var hasMoved) == raw.SQLITE_OK && hasMoved != 0;
}
