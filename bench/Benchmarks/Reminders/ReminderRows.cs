using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>Writes reminders directly to the database, because registering a million of them takes too long.</summary>
internal static class ReminderRows
{
    private const string ReminderName = "erase-ended-secrets";
    private const string ServiceId = "keys";
    private const long PeriodMilliseconds = 60_000;

    /// <param name="database">A database that a silo has migrated.</param>
    /// <param name="reminders">The keys and the times at which their reminders are due.</param>
    public static async Task CopyAsync(
        NpgsqlDataSource database, IEnumerable<(string Key, DateTimeOffset Due)> reminders)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync(
            "COPY OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version) "
            + "FROM STDIN (FORMAT binary)"))
        {
            foreach (var (key, due) in reminders)
            {
                var grain = GrainId.Create(GrainTypeNames.VirtualKey, key);
                await copy.StartRowAsync();
                await copy.WriteAsync(ServiceId);
                await copy.WriteAsync(grain.ToString());
                await copy.WriteAsync(ReminderName);
                await copy.WriteAsync(due, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(PeriodMilliseconds);
                await copy.WriteAsync(unchecked((int)grain.GetUniformHashCode()));
                await copy.WriteAsync(0);
            }

            await copy.CompleteAsync();
        }

        // In production, autovacuum has done this by the time there are so many rows.
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE OrleansRemindersTable", connection)
        {
            CommandTimeout = 120,
        };
        await analyze.ExecuteNonQueryAsync();
    }
}
