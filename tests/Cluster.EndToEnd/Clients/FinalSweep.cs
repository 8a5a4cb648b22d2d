using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>At the end, when every node is well: validates every secret and reads every key on every node.</summary>
internal static class FinalSweep
{
    private static readonly TimeSpan SweepTimeout = TimeSpan.FromSeconds(60);

    /// <returns>The calls that were not answered although nothing stands in their way any more.</returns>
    public static async Task<IReadOnlyList<RecordedCall>> RunAsync(RecordingClient client, IReadOnlyList<TrackedKey> keys, HistoryLog log)
    {
        var asks = from key in keys
                   from node in client.Nodes
                   from ask in key.Secrets
                       .Select<(string, string), Func<Task<RecordedCall>>>(secret => () => client.ValidateAsync(node, key, secret))
                       .Append(() => client.ReadAsync(node, key, Checker.SweepOperation))
                   select ask;
        var start = log.Now();
        var unanswered = new System.Collections.Concurrent.ConcurrentQueue<RecordedCall>();
        await Parallel.ForEachAsync(asks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (ask, _) =>
        {
            while (true)
            {
                var call = await ask();
                if (call.Outcome == Outcome.Done) return;
                if (call.Outcome == Outcome.Refused || log.Now() - start > SweepTimeout)
                {
                    unanswered.Enqueue(call);
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), CancellationToken.None);
            }
        });
        return [.. unanswered];
    }
}
