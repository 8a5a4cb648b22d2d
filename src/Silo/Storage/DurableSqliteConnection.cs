using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage;

/// <summary>A connection whose commits are on disk when they return, and which overwrites what it deletes.</summary>
internal sealed class DurableSqliteConnection(string connectionString) : SqliteConnection(connectionString)
{
    // The settings are the connection's, not the file's (but for the journal mode, which is kept and then a no-op).
    // FULL: a commit waits for the disk. secure_delete: the hash of an erased secret does not stay in a free page.
    private const string Settings = """
        PRAGMA busy_timeout = 5000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        """;

    public override void Open()
    {
        base.Open();
        try
        {
            using var command = CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
        }
        catch
        {
            Close();
            throw;
        }
    }
}
