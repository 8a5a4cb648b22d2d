using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Revoke;

/// <summary>Measures revocations in healthy clusters of several sizes, and in a cluster with a faulted silo.</summary>
internal static class RevokeRounds
{
    /// <summary>The default of <c>Cluster:LeaseDuration</c>, which the silos use.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    private const int SequentialRevokes = 150;
    private const int ConcurrentRevokes = 32;
    private const int SilosInFaultedCluster = 3;

    /// <summary>Revocations before the measured ones. The first calls of a process are slower.</summary>
    private const int WarmUpRevokes = 30;

    private static readonly int[] ClusterSizes = [1, 3, 5];

    private static readonly (string Name, Func<ServiceProcess, Task> Fault)[] Faults =
    [
        ("killed", silo => silo.KillAsync()),
        ("killed", silo => silo.KillAsync()),
        ("hung", silo =>
        {
            silo.Pause();
            return Task.CompletedTask;
        }),
    ];

    public static async Task<RevokeFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        var (healthy, faulted) = (new List<RevokeLatencyFigures>(), new List<RevokeLatencyFigures>());
        foreach (var silos in ClusterSizes)
        {
            await using var cluster = await RevokeCluster.StartAsync(server, silos);
            healthy.Add(await RevokeSequentiallyAsync(cluster, silos));
            if (silos != SilosInFaultedCluster) continue;
            foreach (var (name, fault) in Faults) faulted.Add(await RevokeAfterFaultAsync(cluster, name, fault));
        }

        return new RevokeFigures
        {
            LeaseMilliseconds = LeaseDuration.TotalMilliseconds,
            Healthy = healthy,
            Faulted = faulted,
        };
    }

    private static async Task<RevokeLatencyFigures> RevokeSequentiallyAsync(RevokeCluster cluster, int silos)
    {
        var keys = await cluster.CreateKeysAsync(WarmUpRevokes + SequentialRevokes);
        var timings = new RevokeTiming[keys.Count];
        for (var turn = 0; turn < keys.Count; turn++) timings[turn] = await cluster.RevokeAsync(keys[turn], turn);
        return CreateFigures(RevokeLatencyFigures.HealthyCluster, silos, timings[WarmUpRevokes..]);
    }

    private static async Task<RevokeLatencyFigures> RevokeAfterFaultAsync(
        RevokeCluster cluster, string name, Func<ServiceProcess, Task> fault)
    {
        var keys = await cluster.CreateKeysAsync(ConcurrentRevokes);
        await using var removed = await cluster.RemoveSiloAsync(fault);
        var timings = await Task.WhenAll(keys.Select((key, turn) => cluster.RevokeAsync(key, turn)));
        await removed.KillAsync();
        await cluster.StartSiloAsync();
        return CreateFigures(name, SilosInFaultedCluster, timings);
    }

    private static RevokeLatencyFigures CreateFigures(string cluster, int silos, RevokeTiming[] timings)
    {
        var milliseconds = Percentiles.From(timings.Select(timing => timing.Milliseconds));
        Console.WriteLine(
            $"revokes, {silos} silos, {cluster}: p50 {milliseconds.P50:F1} ms, longest {milliseconds.Max:F0} ms");
        return new RevokeLatencyFigures
        {
            Cluster = cluster,
            Silos = silos,
            Revokes = timings.Length,
            Retried = timings.Count(timing => timing.Retries > 0),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
            MaxMilliseconds = milliseconds.Max,
        };
    }
}
