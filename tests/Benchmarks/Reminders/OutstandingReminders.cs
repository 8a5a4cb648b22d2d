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
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Last = TimeSpan.FromHours(24);

    private readonly List<double> _starts = [];
    private readonly List<DatabaseLoad> _startLoads = [];

    public static async Task<OutstandingReminders> SeedAsync(PostgresServer server, int count)
    {
        var cluster = new ClusterService(await server.CreateDatabaseAsync());
        await using (var migrating = await cluster.StartSiloAsync()) await migrating.StopAsync();
        var database = NpgsqlDataSource.Create(cluster.ConnectionString);
        var now = TimeProvider.System.GetUtcNow();
        await ReminderRows.CopyAsync(database, Enumerable.Range(0, count).Select(n =>
            (VirtualKeyId.New(now).ToString(), now + First + ((Last - First) * n / count))));
        return new OutstandingReminders(cluster, database, count);
    }

    /// <summary>Starts a node and waits until its reminder service has read its ranges, which it does soon after.</summary>
    public async Task<ServiceProcess> StartAsync()
    {
        var before = await DatabaseLoad.ReadAsync(database);
        var begun = Stopwatch.GetTimestamp();
        var node = await cluster.StartSiloAsync();
        _starts.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        await Task.Delay(TimeSpan.FromSeconds(5));
        _startLoads.Add(await DatabaseLoad.ReadAsync(database) - before);
        return node;
    }

    /// <summary>Watches a node at rest.</summary>
    public async Task<OutstandingFigures> WatchAsync(ServiceProcess node, TimeSpan rest)
    {
        using var process = Process.GetProcessById(node.Id);
        var (load, cpu, from) = (await DatabaseLoad.ReadAsync(database), process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(rest);
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var atRest = (await DatabaseLoad.ReadAsync(database) - load) / seconds;
        process.Refresh();
        return new OutstandingFigures
        {
            Reminders = count,
            StartMilliseconds = Spread.Of(_starts),
            BlocksReadAtStart = Spread.Of(_startLoads.Select(startLoad => startLoad.Blocks)),
            TransactionsPerSecond = atRest.Transactions,
            BlocksPerSecond = atRest.Blocks,
            RowsPerSecond = atRest.Rows,
            NodeProcessorShare = (process.TotalProcessorTime - cpu).TotalSeconds / seconds,
            NodeMemoryMiB = process.WorkingSet64 / (double)(1 << 20),
        };
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
