using System.Diagnostics;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using KeysCluster.Hosting;
using KeysCluster.Silo.Storage.Sqlite;
using Npgsql;
using Polly;
using Polly.Retry;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>
/// Upgrades a database to the schema of this version. Each script runs in its own transaction, and the table
/// <c>schemaversions</c> records which scripts have been applied.
/// </summary>
/// <remarks>
/// Silos serve requests while one of them migrates. A statement that waits for a table lock makes all later statements
/// on the table wait as well, so the scripts set a short <c>lock_timeout</c>. A script that reaches it is rolled back
/// and applied again after a pause, in which the service continues.
/// </remarks>
internal static partial class SchemaMigrator
{
    // The number is arbitrary, but every version of this service must use the same.
    internal const long LockKey = 0x6B65_7973_636C_7573;

    /// <summary>The first PostgreSQL version with <c>NULLS NOT DISTINCT</c>, which a unique index needs.</summary>
    private const int MinPostgresVersion = 15;

    /// <summary>With a <c>lock_timeout</c> of two seconds, the migration fails after two minutes.</summary>
    private const int MaxRetries = 24;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a silo waits for another one that is migrating the same PostgreSQL database. Longer than that one
    /// retries.
    /// </summary>
    public static TimeSpan LockTimeout { get; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Upgrades the schema if the role of the connection string may change it; otherwise ensures that it is current.
    /// </summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="keepEventsFor">How long no silo may delete an event.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Cancels the wait for other silos.</param>
    /// <exception cref="StartupException">
    /// The schema could not be upgraded, or it is older than this build and the role may not change it.
    /// </exception>
    public static async Task PreparePostgreSqlAsync(
        string connectionString, TimeSpan keepEventsFor, ILogger logger, CancellationToken cancellationToken)
    {
        await using (var connection = new NpgsqlConnection(WithoutPool(connectionString)))
        {
            await ConnectAsync(() => connection.OpenAsync(cancellationToken));
            var schema = new PostgresSchema(connection);
            if (!await schema.MayBeChangedAsync(cancellationToken))
            {
                EnsureSupported(connection);
                await schema.EnsureCurrentAsync(cancellationToken);
                return;
            }
        }

        await UpgradePostgreSqlAsync(connectionString, keepEventsFor, logger, cancellationToken);
    }

    /// <summary>Safe to call from several processes at once: one migrates, and the others wait.</summary>
    /// <param name="connectionString">The database, as the owner of the schema.</param>
    /// <param name="keepEventsFor">How long no silo may delete an event; null to keep the stored limit.</param>
    /// <param name="logger">The log.</param>
    /// <param name="cancellationToken">Cancels the wait for other processes.</param>
    /// <exception cref="StartupException">The schema could not be upgraded.</exception>
    public static async Task UpgradePostgreSqlAsync(
        string connectionString, TimeSpan? keepEventsFor, ILogger logger, CancellationToken cancellationToken)
    {
        var unpooled = WithoutPool(connectionString);
        await using var connection = new NpgsqlConnection(unpooled);
        await ConnectAsync(async () =>
        {
            await connection.OpenAsync(cancellationToken);
            await AcquireLockAsync(connection, cancellationToken);
        });

        EnsureSupported(connection);
        await UpgradeAsync(
            DeployChanges.To.PostgresqlDatabase(unpooled), MigrationScripts.PostgreSql, logger, cancellationToken);
        await IndexVirtualKeysAsync(connection, cancellationToken);
        await ConcurrentIndexes.CreateAsync(connection, logger, cancellationToken);
        await AdoptRestoredEventsAsync(connection, cancellationToken);
        var schema = new PostgresSchema(connection);
        if (keepEventsFor is { } time) await schema.SetEventRetentionAsync(time, cancellationToken);
        await schema.GrantPrivilegesAsync(cancellationToken);
    }

    /// <exception cref="StartupException">The schema could not be upgraded.</exception>
    public static Task UpgradeSqliteAsync(SqliteDataSource dataSource, ILogger logger) =>
        UpgradeAsync(
            DeployChanges.To.SqliteDatabase(dataSource.ConnectionString), MigrationScripts.Sqlite, logger, default);

    /// <summary>
    /// A pooled connection would keep the lock, and stay open unused while the silo runs. A script may run for long:
    /// its <c>lock_timeout</c> limits only what others would wait for.
    /// </summary>
    private static string WithoutPool(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;

    private static async Task ConnectAsync(Func<Task> connectAsync)
    {
        try
        {
            await connectAsync();
        }
        catch (NpgsqlException exception)
        {
            throw new StartupException(
                $"The PostgreSQL database could not be locked for its migration: {exception.Message}", exception);
        }
    }

    private static void EnsureSupported(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < MinPostgresVersion)
        {
            throw new StartupException(
                $"PostgreSQL {MinPostgresVersion} or newer is needed, this is {connection.PostgreSqlVersion}.");
        }

        // Another encoding could not store every name that the API accepts.
        var encoding = connection.PostgresParameters["server_encoding"];
        if (encoding != "UTF8")
            throw new StartupException($"The database's encoding must be UTF8, it is {encoding}.");
    }

    /// <summary>
    /// Copies states that are older than the indexes of virtual keys into them. It commits in batches, so it is not
    /// part of a script.
    /// </summary>
    private static async Task IndexVirtualKeysAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var procedure in new[] { "keys_index_virtual_keys", "keys_index_not_retiring_keys" })
        {
            await using var command = new NpgsqlCommand($"CALL {procedure}()", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes restored events visible in all snapshots. A dump contains the transaction ids of the server that it came
    /// from. While this server has not reached them, readers that follow the events would read them again each time.
    /// </summary>
    private static async Task AdoptRestoredEventsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE KeysEvent SET Xid = '3' WHERE Xid >= pg_snapshot_xmax(pg_current_snapshot())", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task AcquireLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Not pg_advisory_lock: a statement that waits has a snapshot, and the silo that has the lock waits for all
        // snapshots while it creates an index concurrently.
        var startedAt = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
        while (!(bool)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            if (Stopwatch.GetElapsedTime(startedAt) > LockTimeout)
                throw new StartupException("Another silo has been migrating the PostgreSQL database for too long.");
            await Task.Delay(LockRetryDelay, cancellationToken);
        }
    }

    private static async Task UpgradeAsync(
        UpgradeEngineBuilder builder,
        IEnumerable<SqlScript> scripts,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var engine = builder
            .WithScripts(scripts)
            // The scripts contain parameters and dollar quotes, which DbUp would replace as its own variables.
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogTo(logger)
            .Build();

        EnsureUpgradable(engine);
        // DbUp is synchronous, and a script must not be abandoned halfway, so only the pauses can be canceled.
        var result = await CreateRetryPipeline(logger).ExecuteAsync(
            async _ => await Task.Run(engine.PerformUpgrade, CancellationToken.None), cancellationToken);
        if (!result.Successful)
        {
            var place = result.ErrorScript is { } script ? $"in {script.Name}" : "before its first script";
            throw new StartupException(
                $"The database migration failed {place}: {result.Error.Message}", result.Error);
        }
    }

    /// <summary>Unreleased builds recorded their changes in another table.</summary>
    private static void EnsureUpgradable(UpgradeEngine engine)
    {
        var applied = engine.GetExecutedScripts();
        if (applied.Contains("0001_schema.sql") && !applied.Contains("0002_schema.sql"))
        {
            throw new StartupException(
                "The database was created by a build from before the table KeysEvent. This build cannot upgrade it.");
        }
    }

    private static ResiliencePipeline<DatabaseUpgradeResult> CreateRetryPipeline(ILogger logger) =>
        new ResiliencePipelineBuilder<DatabaseUpgradeResult>()
            .AddRetry(new RetryStrategyOptions<DatabaseUpgradeResult>
            {
                ShouldHandle = static attempt => new(attempt.Outcome.Result is
                {
                    Error: PostgresException
                    {
                        SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected,
                    },
                }),
                MaxRetryAttempts = MaxRetries,
                Delay = RetryDelay,
                OnRetry = retry =>
                {
                    LogLockTimeout(
                        logger, retry.RetryDelay, retry.AttemptNumber + 1, MaxRetries,
                        retry.Outcome.Result!.Error.Message);
                    return default;
                },
            })
            .Build();
}
