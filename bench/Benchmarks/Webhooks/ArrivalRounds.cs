using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Webhooks;

/// <summary>
/// Measures the time from the response of a revocation to the arrival of its message at a healthy endpoint in this
/// process. Each revocation waits for the message of the one before.
/// </summary>
internal static class ArrivalRounds
{
    public const int Revokes = 200;

    private const int WarmUpRevokes = 20;
    private const string RevokedType = "virtual_key.revoked";

    /// <summary>
    /// The silo reads events in periods of 400 ms. Different delays before the revocations spread them over the period,
    /// of which the previous message marks the start.
    /// </summary>
    private const int DelaySteps = 20;

    private static readonly TimeSpan DelayStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async Task<LatencyFigures> RunAsync(HttpRotation rotation)
    {
        using var client = await rotation.CreateProjectClientAsync();
        var arrivals = new ConcurrentDictionary<string, TaskCompletionSource<long>>();
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(message =>
        {
            var arrivedAt = Stopwatch.GetTimestamp();
            if (message.Type == RevokedType) arrivals[message.VirtualKeyId!].TrySetResult(arrivedAt);
            return HttpStatusCode.NoContent;
        });
        var keys = await client.CreateManyAsync(WarmUpRevokes + Revokes);
        (await client.SendAsync(HttpMethod.Post, Routes.Webhooks, new { url = receiver.Url }))
            .EnsureStatus(HttpStatusCode.Created);

        var milliseconds = new List<double>();
        for (var turn = 0; turn < keys.Count; turn++)
        {
            var arrival = arrivals[keys[turn].Id] = new TaskCompletionSource<long>(
                TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.Delay(DelayStep * (turn % DelaySteps));
            (await client.RevokeAsync(keys[turn].Id)).EnsureStatus(HttpStatusCode.OK);
            var revokedAt = Stopwatch.GetTimestamp();
            var elapsed = Stopwatch.GetElapsedTime(revokedAt, await arrival.Task.WaitAsync(Timeout));

            // A message can arrive before the response does.
            if (turn >= WarmUpRevokes) milliseconds.Add(Math.Max(0, elapsed.TotalMilliseconds));
        }

        var percentiles = Percentiles.From(milliseconds);
        Console.WriteLine($"arrival of revocations: p50 {percentiles.P50:F0} ms, p99 {percentiles.P99:F0} ms");
        return new LatencyFigures
        {
            Requests = milliseconds.Count,
            Failed = 0,
            P50Milliseconds = percentiles.P50,
            P99Milliseconds = percentiles.P99,
            MaxMilliseconds = percentiles.Max,
        };
    }
}
