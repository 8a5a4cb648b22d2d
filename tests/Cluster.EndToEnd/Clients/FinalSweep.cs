using System.Collections.Concurrent;
using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>
/// Validates every secret and reads every key through every silo and front end, at the end, when all are healthy.
/// </summary>
internal static class FinalSweep
{
    private const int MaxConcurrency = 8;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromMilliseconds(250);

    /// <returns>The last attempt of each call that failed until its timeout.</returns>
    public static async Task<IReadOnlyList<RecordedCall>> RunAsync(
        RecordingClient client, IReadOnlyList<TrackedKey> keys, HistoryLog history)
    {
        var unanswered = new ConcurrentQueue<RecordedCall>();
        var calls = keys.SelectMany(key => client.Targets.SelectMany(target => GetCalls(client, target, key)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency };
        await Parallel.ForEachAsync(calls, options, async (send, _) =>
        {
            var start = history.Now();
            while (true)
            {
                var call = await send();
                if (call.Outcome == Outcome.Done || call.IsRejected) return;
                if (call.Outcome == Outcome.Refused || history.Now() - start > CallTimeout)
                {
                    unanswered.Enqueue(call);
                    return;
                }

                await Task.Delay(call.RetryAfter ?? DefaultRetryDelay, CancellationToken.None);
            }
        });
        return [.. unanswered];
    }

    private static IEnumerable<Func<Task<RecordedCall>>> GetCalls(RecordingClient client, string target, TrackedKey key)
    {
        foreach (var secret in key.Secrets) yield return () => client.ValidateAsync(target, key, secret);
        if (key.MemberSecret is not null && client.ValidatorTargets.Contains(target))
            yield return () => client.ValidateMemberAsync(target, key);
        yield return () => client.ReadAsync(target, key, Checker.FinalReadOperation);
    }
}
