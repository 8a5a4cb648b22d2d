using System.Data.Common;
using KeysCluster.Silo.Embedded;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Commands;

/// <summary>The database of the commands.</summary>
internal static class CommandDatabase
{
    /// <summary>
    /// Opens the database, also while a silo uses it. In the embedded topology, also finds the pepper of its data
    /// directory.
    /// </summary>
    public static DbDataSource Open(ConfigurationManager configuration, KeysSiloOptions options)
    {
        if (options.ConnectionString is { } connectionString) return NpgsqlDataSource.Create(connectionString);
        if (string.IsNullOrWhiteSpace(configuration["Keys:Pepper"]))
            configuration["Keys:Pepper"] = DataDirectory.FindPepper(options.DataDirectory);
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = DataDirectory.GetDatabaseFile(options.DataDirectory),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        return SqliteFactory.Instance.CreateDataSource(connection.ConnectionString);
    }
}
