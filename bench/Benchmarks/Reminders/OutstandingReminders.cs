using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Benchmarks.Reminders;

/// <summary>A node on a database with a number of reminders, none of which is due while it is watched.</summary>
internal sealed class OutstandingReminders(ClusterService cluster, NpgsqlDataSource database, int count) : IAsyncDisposable
{
    /// <summary>Longer than the benchmark, and short enough for the first ones to be read at every start.</summary>
    private static readonly TimeSpan FirstDue = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LastDue = TimeSpan.FromHours(24);

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

    /// <summary>Starts a node and waits until its reminder service has read its ranges, which it does soon after.</summary>
    public async Task<ServiceProcess> StartAsync()
    {
        var before = await DatabaseCounters.ReadAsync(database);
        var begun = Stopwatch.GetTimestamp();
        var node = await cluster.StartSiloAsync();
        _startMilliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        await Task.Delay(TimeSpan.FromSeconds(5));
        _startLoads.Add(await DatabaseCounters.ReadAsync(database) - before);
        return node;
    }

    /// <summary>Watches a node at rest.</summary>
    public async Task<OutstandingFigures> MeasureIdleAsync(ServiceProcess node, TimeSpan rest)
    {
        using var process = Process.GetProcessById(node.Id);
        var (load, cpu, from) = (await DatabaseCounters.ReadAsync(database), process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(rest);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var atRest = (await DatabaseCounters.ReadAsync(database) - load) / seconds;
        process.Refresh();
        return new OutstandingFigures
        {
            Reminders = count,
            StartMilliseconds = Spread.From(_startMilliseconds),
            BlocksReadAtStart = Spread.From(_startLoads.Select(startLoad => startLoad.Blocks)),
            TransactionsPerSecond = atRest.Transactions,
            BlocksPerSecond = atRest.Blocks,
            RowsPerSecond = atRest.Rows,
            NodeProcessorShare = (process.TotalProcessorTime - cpu).TotalSeconds / seconds,
            NodeMemoryMiB = process.WorkingSet64 / (double)(1 << 20),
        };
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
