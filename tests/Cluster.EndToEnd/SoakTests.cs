using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nodes;
using KeysCluster.Cluster.EndToEnd.Reporting;
using Xunit.Abstractions;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// No silo is declared dead for being slow: with every processor busy twice over, nothing dies. <c>run.sh --soak 10</c> makes
/// it longer than in CI.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_silo_is_declared_dead_under_full_load()
    {
        var settings = HistoryRunOptions.FromEnvironment();
        await using var cluster = await ProcessCluster.StartAsync(settings.Silos, settings.FrontEnds);
        var (_, apiKey) = await cluster.CreateProjectAsync("a project");
        var before = await GetGenerationsAsync(cluster);
        var log = new HistoryLog();
        using var client = new RecordingClient(log, cluster.Nodes);
        using var stop = new CancellationTokenSource(settings.SoakDuration);

        var burning = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () => BurnProcessorTime(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        await new Workload(client, [apiKey], settings).RunAsync(stop.Token);
        await Task.WhenAll(burning);

        var report = new SoakReport(settings, log.Calls);
        output.WriteLine(report.ToString());
        if (settings.ReportFolder is { } folder) await report.WriteAsync(folder);
        Assert.All(cluster.Nodes, node => Assert.False(node.HasExited, $"{node.Name} has ended; see {cluster.LogFolder}."));
        Assert.Equal(before, await GetGenerationsAsync(cluster));
        Directory.Delete(cluster.LogFolder, recursive: true);
    }

    /// <summary>The start of each silo that is not declared dead.</summary>
    private static async Task<int?[]> GetGenerationsAsync(ProcessCluster cluster) =>
        await Task.WhenAll(cluster.Silos.Select(silo => cluster.Membership.GetActiveGenerationAsync(silo.SiloPort)));

    private static void BurnProcessorTime(CancellationToken stop)
    {
        var number = 1.0;
        while (!stop.IsCancellationRequested)
            for (var i = 0; i < 1_000_000; i++) number = Math.Sqrt(number + i);
    }
}
