using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>The activity of a database since its creation.</summary>
internal sealed record DatabaseCounters(double Transactions, double Blocks, double Rows)
{
    private const string Sql = """
        SELECT xact_commit + xact_rollback, blks_hit + blks_read, tup_fetched + tup_returned
        FROM pg_stat_database WHERE datname = current_database()
        """;

    public static async Task<DatabaseCounters> ReadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public static DatabaseCounters operator -(DatabaseCounters left, DatabaseCounters right) => new(
        left.Transactions - right.Transactions, left.Blocks - right.Blocks, left.Rows - right.Rows);

    public static DatabaseCounters operator /(DatabaseCounters left, double by) => new(
        left.Transactions / by, left.Blocks / by, left.Rows / by);
}
