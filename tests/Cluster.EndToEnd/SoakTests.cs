using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.Cluster.EndToEnd.Reporting;
using Xunit.Abstractions;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// The cluster while every processor is fully used by other threads. <c>run.sh --soak 10</c> runs it for longer than
/// CI.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_silo_is_declared_dead_under_full_load()
    {
        var options = HistoryRunOptions.FromEnvironment();
        await using var cluster = await ProcessCluster.StartAsync(options.Silos, options.FrontEnds);
        var (_, apiKey) = await cluster.CreateProjectAsync("a project");
        var generations = await GetGenerationsAsync(cluster);
        var history = new HistoryLog();
        using var client = new RecordingClient(history, cluster.Nodes.Select(node => node.Target), cluster.AdminKey);
        using var stop = new CancellationTokenSource(options.SoakDuration);

        var threads = Enumerable.Range(0, 2 * Environment.ProcessorCount)
            .Select(_ => Task.Factory.StartNew(
                () => Compute(stop.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
            .ToList();
        await new Workload(client, [apiKey], options).RunAsync(stop.Token);
        await Task.WhenAll(threads);

        var report = new SoakReport(options, history.Calls);
        output.WriteLine(report.ToString());
        if (options.ReportFolder is { } folder) await report.WriteAsync(folder);
        Assert.All(cluster.Processes, process => Assert.False(
            process.HasExited, $"{process.Name} has exited; its log is in {cluster.LogFolder}."));
        Assert.Equal(generations, await GetGenerationsAsync(cluster));
        Directory.Delete(cluster.LogFolder, recursive: true);
    }

    /// <summary>
    /// Returns the generation of each silo, which identifies a start; null for a silo that is declared dead.
    /// </summary>
    private static async Task<int?[]> GetGenerationsAsync(ProcessCluster cluster) => await Task.WhenAll(
        cluster.Silos.Select(silo => cluster.Membership.GetActiveGenerationAsync(silo.SiloPort)));

    private static void Compute(CancellationToken stop)
    {
        var number = 1.0;
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < 1_000_000; i++) number = Math.Sqrt(number + i);
        }
    }
}
