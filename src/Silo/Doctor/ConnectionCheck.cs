using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using KeysCluster.Silo.Embedded;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Doctor;

/// <summary>Opens the database, and measures how long a statement takes.</summary>
internal sealed class ConnectionCheck() : DoctorCheck("database", "configuration.md")
{
    private const string Setting = "ConnectionStrings:Keys";
    private const int Statements = 5;

    /// <summary>A change of a key takes several statements.</summary>
    private static readonly TimeSpan MaxLatency = TimeSpan.FromMilliseconds(50);

    public override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, CancellationToken cancellationToken)
    {
        if (context is not { Options: { } options, Database: { } database })
            return [Skip("The settings of the database are invalid.")];
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var latency = await MeasureAsync(connection, cancellationToken);
            context.IsDatabaseReachable = true;
            return connection is NpgsqlConnection postgres
                ? await DescribeAsync(postgres, latency, cancellationToken)
                : [Ok($"SQLite {connection.ServerVersion}: {connection.DataSource}.")];
        }
        catch (SqliteException exception)
        {
            var file = DataDirectory.GetDatabaseFile(options.DataDirectory);
            return
            [
                Fail(
                    $"The database cannot be opened: {exception.Message}", file,
                    "Start the service once, which creates it. If it has been created before, set Keys:DataDirectory, "
                    + "or ConnectionStrings:Keys for a cluster, or restore a backup."),
            ];
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or SocketException)
        {
            return [Explain(exception, new NpgsqlConnectionStringBuilder(options.ConnectionString))];
        }
    }

    private static async Task<TimeSpan> MeasureAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();

        // Fails if the file is not a database.
        command.CommandText = connection is NpgsqlConnection ? "SELECT 1" : "SELECT count(*) FROM sqlite_master";
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < Statements; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await command.ExecuteScalarAsync(cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(startedAt);
            if (elapsed < fastest) fastest = elapsed;
        }

        return fastest;
    }

    private async Task<IReadOnlyList<Finding>> DescribeAsync(
        NpgsqlConnection connection, TimeSpan latency, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection);
        if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            return
            [
                Fail(
                    "The database is a standby, which accepts no change.", Setting,
                    "Set Host to the primary, or to a name that follows it."),
            ];
        }

        var time = latency.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
        var server = $"PostgreSQL {connection.PostgreSqlVersion} at {connection.Host}:{connection.Port}";
        return latency <= MaxLatency
            ? [Ok($"{server}: a statement takes {time} ms.")]
            :
            [
                Warn(
                    $"{server}: a statement takes {time} ms, and each change takes several.", Setting,
                    "Run the silos near the database."),
            ];
    }

    private Finding Explain(Exception exception, NpgsqlConnectionStringBuilder connection)
    {
        var server = $"{connection.Host}:{connection.Port}";
        return exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } or
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } => Fail(
                $"The database refuses the login of {connection.Username}: {exception.Message}", Setting,
                "Set Username and Password to those of the role, and permit its login in pg_hba.conf."),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Fail(
                $"There is no database {connection.Database} at {server}.", Setting,
                "Correct Database, or create it, and run roles.sql and the command migrate."),
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => Fail(
                "The database accepts no further connection.", Setting,
                "Increase max_connections, or set a lower Maximum Pool Size."),
            { InnerException: AuthenticationException or IOException { InnerException: AuthenticationException } } =>
                Fail(
                    $"The certificate of {server} is not accepted: {exception.InnerException!.Message}", Setting,
                    "Set Root Certificate to the authority that issued it, and Host to a name in it."),
            PostgresException => Fail(
                $"The database refuses the connection: {exception.Message}", Setting,
                "Read the log of PostgreSQL for the reason."),
            _ => Fail(
                $"Nothing answers at {server}: {exception.Message}", Setting,
                "Correct Host and Port, start PostgreSQL, and permit the connection in the firewall."),
        };
    }
}
