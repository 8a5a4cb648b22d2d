using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.Cluster.EndToEnd.Webhooks;
using Npgsql;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>Checks the history during a run, to end it when there is a violation.</summary>
internal static class ViolationSearch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Signals <paramref name="found"/> after the first violation.</summary>
    public static async Task RunAsync(
        ProcessCluster cluster,
        HistoryLog history,
        WebhookLog webhooks,
        CancellationTokenSource found,
        Action<string> log,
        CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Interval, CancellationToken.None);
            if (await FindFirstAsync(cluster, history, webhooks) is not { } violation) continue;
            log($"Found after {TimeSpan.FromTicks(history.Now().Ticks).TotalSeconds:0} s: {violation}");
            await found.CancelAsync();
            return;
        }
    }

    private static async Task<Violation?> FindFirstAsync(
        ProcessCluster cluster, HistoryLog history, WebhookLog webhooks)
    {
        // First, so that every recorded change has its event.
        var calls = history.Calls;
        var readAt = history.Now();
        IReadOnlyList<OwnerEvent> events;
        try
        {
            events = await cluster.ReadEventsAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return null;
        }

        // The event of a call in progress has no recorded call yet.
        var requests = calls.Select(call => call.RequestId).ToHashSet();
        var changing = events.Where(entry => entry.RequestId is { } id && !requests.Contains(id))
            .Select(entry => entry.Owner)
            .ToHashSet();
        var violations = Checker.Check(
            calls.Where(call => !changing.Contains(call.Key)),
            events.Where(entry => !changing.Contains(entry.Owner)));
        return violations
            .Concat(WebhookRules.Check(events, readAt, webhooks.Projects, webhooks.Deliveries, isComplete: false))
            .FirstOrDefault();
    }
}
