using Npgsql;
using Polly;
using Polly.Retry;

namespace KeysCluster.Silo.Storage.Migrations;

/// <summary>
/// Creates the indexes that the function <c>keys_concurrent_indexes</c> lists, without blocking writers of their
/// tables. Each waits for the transactions that have begun before it, such as a backup.
/// </summary>
internal static partial class ConcurrentIndexes
{
    // An index that is not valid was left by a process that was stopped while it created the index.
    private const string MissingSql = """
        SELECT i.IndexName, i.Definition, x.indexrelid IS NOT NULL
        FROM keys_concurrent_indexes() i
        LEFT JOIN pg_index x ON x.indexrelid = to_regclass(i.IndexName)
        WHERE x.indisvalid IS NOT TRUE
        """;

    private const int MaxRetries = 5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Creates the missing indexes. The caller has the lock of the migration: without it, two processes would drop each
    /// other's index.
    /// </summary>
    public static async Task CreateAsync(
        NpgsqlConnection connection, ILogger logger, CancellationToken cancellationToken)
    {
        // A silo of an earlier build waits for the lock in a statement, for which CREATE INDEX CONCURRENTLY waits.
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<PostgresException>(
                    exception => exception.SqlState == PostgresErrorCodes.DeadlockDetected),
                MaxRetryAttempts = MaxRetries,
                Delay = RetryDelay,
            })
            .Build();
        await pipeline.ExecuteAsync(
            async cancellation => await CreateMissingAsync(connection, logger, cancellation), cancellationToken);
    }

    private static async Task CreateMissingAsync(
        NpgsqlConnection connection, ILogger logger, CancellationToken cancellationToken)
    {
        foreach (var (name, definition, isInvalid) in await FindMissingAsync(connection, cancellationToken))
        {
            LogCreatingIndex(logger, name);
            if (isInvalid)
                await ExecuteAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {name}", cancellationToken);
            await ExecuteAsync(
                connection, $"CREATE INDEX CONCURRENTLY {name} ON {definition}", cancellationToken);
        }
    }

    /// <summary>Returns the indexes that are missing or invalid.</summary>
    public static async Task<IReadOnlyList<(string Name, string Definition, bool IsInvalid)>> FindMissingAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MissingSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var missing = new List<(string Name, string Definition, bool IsInvalid)>();
        while (await reader.ReadAsync(cancellationToken))
            missing.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return missing;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
