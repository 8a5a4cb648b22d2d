using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>A silo on a database with a number of reminders, none of which is due during the measurement.</summary>
internal sealed class OutstandingReminders(ClusterService cluster, NpgsqlDataSource database, int count)
    : IAsyncDisposable
{
    /// <summary>Later than the end of the benchmark, and early enough to be read at every start.</summary>
    private static readonly TimeSpan FirstDue = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LastDue = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the load on the database is measured after a silo is ready. The reminder service reads its ranges in
    /// this time. The duration is fixed, so that all starts include the same background load.
    /// </summary>
    private static readonly TimeSpan StartObservation = TimeSpan.FromSeconds(5);

    private readonly List<double> _startMilliseconds = [];
    private readonly List<DatabaseCounters> _startLoads = [];

    public static async Task<OutstandingReminders> SeedAsync(PostgresServer server, int count)
    {
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        await using (var migrating = await cluster.StartSiloAsync()) await migrating.StopAsync();
        var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        var now = TimeProvider.System.GetUtcNow();
        await ReminderRows.CopyAsync(database, Enumerable.Range(0, count).Select(n =>
            (VirtualKeyId.New(now).ToString(), now + FirstDue + ((LastDue - FirstDue) * n / count))));
        return new OutstandingReminders(cluster, database, count);
    }

    /// <summary>Starts a silo, and records the duration of the start and its load on the database.</summary>
    public async Task<ServiceProcess> StartAsync()
    {
        var before = await DatabaseCounters.ReadAsync(database);
        var start = Stopwatch.GetTimestamp();
        var silo = await cluster.StartSiloAsync();
        _startMilliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        await Task.Delay(StartObservation);
        _startLoads.Add(await DatabaseCounters.ReadAsync(database) - before);
        return silo;
    }

    /// <summary>Measures an idle silo.</summary>
    public async Task<OutstandingFigures> MeasureIdleAsync(ServiceProcess silo, TimeSpan duration)
    {
        using var process = Process.GetProcessById(silo.Id);
        var before = await DatabaseCounters.ReadAsync(database);
        var (processorTime, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(duration);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var perSecond = (await DatabaseCounters.ReadAsync(database) - before) / seconds;
        process.Refresh();
        return new OutstandingFigures
        {
            Reminders = count,
            StartMilliseconds = Spread.From(_startMilliseconds),
            BlocksReadAtStart = Spread.From(_startLoads.Select(load => load.Blocks)),
            TransactionsPerSecond = perSecond.Transactions,
            BlocksPerSecond = perSecond.Blocks,
            RowsPerSecond = perSecond.Rows,
            NodeProcessorShare = (process.TotalProcessorTime - processorTime).TotalSeconds / seconds,
            NodeMemoryMiB = process.WorkingSet64 / (double)(1 << 20),
        };
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
