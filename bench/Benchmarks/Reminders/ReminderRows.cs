using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>Writes reminders straight into the database, as many as no one would register one by one.</summary>
internal static class ReminderRows
{
    private const string ReminderName = "erase-ended-secrets";
    private const long PeriodMilliseconds = 60_000;

    /// <param name="database">A database that a node has migrated.</param>
    /// <param name="reminders">Keys and when their reminders are due.</param>
    public static async Task CopyAsync(NpgsqlDataSource database, IEnumerable<(string Key, DateTimeOffset Due)> reminders)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync(
            "COPY OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version) "
            + "FROM STDIN (FORMAT binary)"))
        {
            foreach (var (key, due) in reminders)
            {
                var grain = GrainId.Create("vk", key);
                await copy.StartRowAsync();
                await copy.WriteAsync("keys");
                await copy.WriteAsync(grain.ToString());
                await copy.WriteAsync(ReminderName);
                await copy.WriteAsync(due, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(PeriodMilliseconds);
                await copy.WriteAsync(unchecked((int)grain.GetUniformHashCode()));
                await copy.WriteAsync(0);
            }

            await copy.CompleteAsync();
        }

        // As autovacuum would have done long before there were that many.
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE OrleansRemindersTable", connection) { CommandTimeout = 120 };
        await analyze.ExecuteNonQueryAsync();
    }
}
