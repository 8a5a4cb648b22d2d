using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.Clients;
using KeysCluster.Cluster.EndToEnd.Faults;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.Cluster.EndToEnd.Reporting;
using KeysCluster.Cluster.EndToEnd.Webhooks;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// One run: clients call a cluster while faults are injected, and the webhooks of their projects deliver the events.
/// When the time is over, all keys are read once more, the events are read from the database, and the history is
/// checked and reported.
/// </summary>
internal static class HistoryRun
{
    /// <summary>
    /// Each silo is then likely to have activated a project. An isolated silo can authenticate API keys of those only.
    /// </summary>
    private const int ProjectCount = 6;

    public static async Task<HistoryReport> RunAsync(HistoryRunOptions options, Action<string> log)
    {
        await using var cluster = await ProcessCluster.StartAsync(
            options.Silos, options.FrontEnds, options: await options.CreateClusterOptionsAsync(log));
        log($"Seed {options.Seed}; the logs of the processes are in {cluster.LogFolder}");
        var history = new HistoryLog();
        var apiKeys = new List<string>();
        using var webhooks = new WebhookEndpoint(history, new SeededRandom(options.Seed));
        for (var i = 1; i <= ProjectCount; i++)
        {
            var (project, apiKey) = await cluster.CreateProjectAsync($"project {i}");
            await webhooks.SubscribeAsync(cluster.Processes[0].Address, project, apiKey);
            apiKeys.Add(apiKey);
        }

        using var client = new RecordingClient(
            history, cluster.Targets, cluster.AdminKey);
        var workload = new Workload(client, apiKeys, options);
        using var stop = new CancellationTokenSource();
        var clients = workload.RunAsync(stop.Token);
        await using var faults = new FaultInjector(
            cluster, history, new SeededRandom(options.Seed), options, log);
        using var found = new CancellationTokenSource();
        var search = options.StopsAtViolation
            ? ViolationSearch.RunAsync(cluster, history, webhooks.Log, found, log, stop.Token)
            : Task.CompletedTask;
        await faults.RunAsync(options.Duration, found.Token);
        await stop.CancelAsync();
        await clients;
        await search;

        var end = history.Now();
        webhooks.AcceptAll();
        var unanswered = await FinalSweep.RunAsync(client, workload.Keys, history);
        var calls = history.Calls;
        var readAt = history.Now();
        var events = await cluster.ReadEventsAsync();
        await WebhookDrain.WaitAsync(webhooks.Log, events, history);
        Violation[] violations =
        [
            .. Checker.Check(calls, events),
            .. WebhookRules.Check(
                events, readAt, webhooks.Log.Projects, webhooks.Log.Deliveries, isComplete: true),
            .. unanswered.Select(call =>
                new Violation(RuleNames.NoResponseWhenHealthy, "A healthy process did not respond.", call)),
        ];
        var report = new HistoryReport(
            options,
            end,
            calls,
            events,
            history.Incidents,
            violations,
            new WebhookFigures(events, history.Incidents, webhooks.Log),
            cluster.LogFolder);
        if (options.ReportFolder is { } folder) await HistoryReportFiles.WriteAsync(report, folder);
        if (violations.Length == 0 && report.ServerErrors.Count == 0)
            Directory.Delete(cluster.LogFolder, recursive: true);
        return report;
    }
}
