using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>Waits, after the faults, until the webhooks have delivered what has happened.</summary>
internal static class WebhookDrain
{
    /// <summary>
    /// How long an event may take. An attempt that follows two refusals begins 33 seconds after the second one, and a
    /// silo that delivers is replaced after ten seconds.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when every event was accepted, or after the timeout.</summary>
    public static async Task WaitAsync(WebhookLog log, IReadOnlyList<OwnerEvent> events, HistoryLog history)
    {
        var start = history.Now();
        var expected = WebhookRules.GetExpected(events, log.Projects).Select(entry => entry.Event.Position).ToList();
        while (history.Now() - start < Timeout)
        {
            var accepted = log.Deliveries.Where(delivery => delivery.AcceptedAt is not null)
                .Select(delivery => delivery.Position)
                .ToHashSet();
            if (expected.TrueForAll(accepted.Contains)) return;
            await Task.Delay(PollInterval, CancellationToken.None);
        }
    }
}
