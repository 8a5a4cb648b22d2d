using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using KeysCluster.Cluster.EndToEnd.Nodes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// A silo that loses PostgreSQL with every connection in use: the driver gives up on each of them, and blocks a thread while
/// it does. Nobody who asks something meanwhile waits for those threads.
/// </summary>
public sealed class DatabasePartitionTests
{
    private static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_busy_silo_partitioned_from_PostgreSQL_answers_every_call_in_time()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 1, frontEnds: 0);
        var silo = cluster.Silos[0];
        using var client = new KeysClient(silo.Process.Address, (await cluster.CreateProjectAsync("a project")).ApiKey);
        var keys = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => client.CreateAsync($"key {number}")));

        using var ended = new CancellationTokenSource(2 * CallTimeLimit);
        var calls = new ConcurrentBag<(ApiResponse Answer, TimeSpan Time)>();
        var load = keys.Select(async key =>
        {
            while (!ended.IsCancellationRequested)
            {
                var time = Stopwatch.StartNew();
                var answer = await client.RotateAsync(key.Id);
                calls.Add((answer, time.Elapsed));
                if (answer.Status == HttpStatusCode.ServiceUnavailable) await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }).ToList();
        await Poll.UntilAsync(() => Task.FromResult(calls.Count > keys.Length), CallTimeLimit);
        silo.Postgres.Block();
        await Task.WhenAll(load);
        silo.Postgres.Unblock(cutting: true);

        Assert.Contains(calls, call => call.Answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Empty(calls
            .Where(call => call.Time >= CallTimeLimit)
            .Select(call => $"{call.Time.TotalSeconds:F1} s: {(int)call.Answer.Status} {call.Answer.ErrorCode}"));
        Directory.Delete(cluster.LogFolder, recursive: true);
    }
}
