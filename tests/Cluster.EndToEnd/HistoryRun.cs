using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Nemesis;
using KeysCluster.Cluster.EndToEnd.Nodes;
using KeysCluster.Cluster.EndToEnd.Reporting;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>One run: a cluster, clients and faults, until the time is up; then the sweep, the checker and the report.</summary>
internal static class HistoryRun
{
    /// <summary>So many that each silo is likely to hold the grain of one, without which an isolated silo knows no API key.</summary>
    private const int ProjectCount = 6;

    public static async Task<HistoryReport> RunAsync(HistoryRunOptions settings, Action<string> tell)
    {
        await using var cluster = await ProcessCluster.StartAsync(settings.Silos, settings.FrontEnds);
        tell($"Seed {settings.Seed}; the nodes' logs are in {cluster.LogFolder}");
        var log = new HistoryLog();
        var apiKeys = new List<string>();
        for (var i = 1; i <= ProjectCount; i++) apiKeys.Add((await cluster.CreateProjectAsync($"project {i}")).ApiKey);

        using var client = new RecordingClient(log, cluster.Nodes);
        var workload = new Workload(client, apiKeys, settings);
        using var stop = new CancellationTokenSource();
        var clients = workload.RunAsync(stop.Token);
        await new FaultInjector(cluster, log, new SeededRandom(settings.Seed), tell).RunAsync(settings.Duration);
        await stop.CancelAsync();
        await clients;

        var changesEnd = log.Now();
        var unanswered = await FinalSweep.RunAsync(client, workload.Keys, log);
        var calls = log.Calls;
        Violation[] violations =
        [
            .. Checker.Check(calls),
            .. unanswered.Select(call => new Violation("UnansweredWhenWell", "Every node is well, and one did not answer.", call)),
        ];
        var report = new HistoryReport(settings, changesEnd, calls, log.Incidents, violations, cluster.LogFolder);
        if (settings.ReportFolder is { } folder) await HistoryReportFiles.WriteAsync(report, folder);
        if (violations.Length == 0 && report.ServerErrors.Count == 0) Directory.Delete(cluster.LogFolder, recursive: true);
        return report;
    }
}
