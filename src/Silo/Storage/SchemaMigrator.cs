using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using KeysCluster.Silo.Storage.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Brings the database to the schema of this version, script by script, each in its own transaction. What has been
/// applied is journaled in the table <c>schemaversions</c>.
/// </summary>
internal static class SchemaMigrator
{
    // Any number will do as long as every version of this service uses the same.
    internal const long LockKey = 0x6B65_7973_636C_7573;

    private const int NullsNotDistinctSince = 15;

    /// <summary>How long a node waits for another one that is migrating the same PostgreSQL database.</summary>
    public static TimeSpan LockTimeout { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Safe to call from several nodes at once: one migrates, the others wait their turn.</summary>
    /// <exception cref="SchemaMigrationException">The schema is not up to date.</exception>
    public static async Task UpgradePostgreSql(
        string connectionString, ILogger logger, CancellationToken cancellationToken)
    {
        // A pooled connection would go on holding the lock, and stay open for nothing once the node runs.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await Lock(connection, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new SchemaMigrationException(
                $"The PostgreSQL database could not be locked for its migration: {exception.Message}", exception);
        }

        Check(connection);
        await Upgrade(DeployChanges.To.PostgresqlDatabase(unpooled), MigrationScripts.PostgreSql, logger);
    }

    /// <exception cref="SchemaMigrationException">The schema is not up to date.</exception>
    public static Task UpgradeSqlite(SqliteDataSource dataSource, ILogger logger) =>
        Upgrade(DeployChanges.To.SqliteDatabase(dataSource.ConnectionString), MigrationScripts.Sqlite, logger);

    private static void Check(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < NullsNotDistinctSince)
        {
            throw new SchemaMigrationException(
                $"PostgreSQL {NullsNotDistinctSince} or newer is needed, this is {connection.PostgreSqlVersion}.");
        }

        // In any other encoding a key could not be given a name that the encoding does not know.
        var encoding = connection.PostgresParameters["server_encoding"];
        if (encoding != "UTF8")
            throw new SchemaMigrationException($"The database's encoding must be UTF8, it is {encoding}.");
    }

    private static async Task Lock(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
        command.CommandTimeout = (int)LockTimeout.TotalSeconds;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // DbUp is synchronous, and a script is not to be abandoned halfway: there is nothing to cancel here.
    private static async Task Upgrade(UpgradeEngineBuilder builder, IEnumerable<SqlScript> scripts, ILogger logger)
    {
        var engine = builder
            .WithScripts(scripts)
            // The scripts hold parameters and dollar quotes that DbUp would take for its own variables.
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogTo(logger)
            .Build();

        var result = await Task.Run(engine.PerformUpgrade);
        if (!result.Successful)
        {
            var place = result.ErrorScript is { } script ? $"in {script.Name}" : "before its first script";
            throw new SchemaMigrationException(
                $"The database migration failed {place}: {result.Error.Message}", result.Error);
        }
    }
}
