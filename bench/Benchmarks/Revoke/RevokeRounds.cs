using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Revoke;

/// <summary>Revokes in clusters of several sizes that are well, and in one that has just lost a silo.</summary>
internal static class RevokeRounds
{
    /// <summary>The default of <c>Cluster:LeaseDuration</c>, which the silos have.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    private const int RevokeCount = 150;
    private const int ConcurrentRevokes = 32;
    private const int SilosInFaultedCluster = 3;

    /// <summary>As many as warm up what the first calls of a process take longer for.</summary>
    private const int WarmUpRevokes = 30;

    private static readonly int[] ClusterSizes = [1, 3, 5];

    /// <summary>A silo that is killed, twice, and one that hangs.</summary>
    private static readonly (string Name, Func<ServiceProcess, Task> Lose)[] Faults =
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
        var (well, lost) = (new List<RevokeLatencyFigures>(), new List<RevokeLatencyFigures>());
        foreach (var silos in ClusterSizes)
        {
            await using var cluster = await RevokeCluster.StartAsync(server, silos);
            well.Add(await RevokeSequentiallyAsync(cluster, silos));
            if (silos != SilosInFaultedCluster) continue;
            foreach (var (name, lose) in Faults) lost.Add(await RevokeAfterFaultAsync(cluster, name, lose));
        }

        return new RevokeFigures { LeaseMilliseconds = LeaseDuration.TotalMilliseconds, Well = well, Lost = lost };
    }

    private static async Task<RevokeLatencyFigures> RevokeSequentiallyAsync(RevokeCluster cluster, int silos)
    {
        var keys = await cluster.CreateKeysAsync(WarmUpRevokes + RevokeCount);
        var revoked = new RevokeTiming[keys.Count];
        for (var turn = 0; turn < keys.Count; turn++) revoked[turn] = await cluster.RevokeAsync(keys[turn], turn);
        return Figures("well", silos, revoked[WarmUpRevokes..]);
    }

    private static async Task<RevokeLatencyFigures> RevokeAfterFaultAsync(
        RevokeCluster cluster, string name, Func<ServiceProcess, Task> fault)
    {
        var keys = await cluster.CreateKeysAsync(ConcurrentRevokes);
        await using var lost = await cluster.LoseSiloAsync(fault);
        var revoked = await Task.WhenAll(keys.Select((key, turn) => cluster.RevokeAsync(key, turn)));
        await lost.KillAsync();
        await cluster.StartSiloAsync();
        return Figures(name, SilosInFaultedCluster, revoked);
    }

    private static RevokeLatencyFigures Figures(string cluster, int silos, RevokeTiming[] revoked)
    {
        var milliseconds = Percentiles.From(revoked.Select(one => one.Milliseconds));
        Console.WriteLine($"revokes, {silos} silos, {cluster}: p50 {milliseconds.P50:F1} ms, at most {milliseconds.Max:F0} ms");
        return new RevokeLatencyFigures
        {
            Cluster = cluster,
            Silos = silos,
            Revokes = revoked.Length,
            SentAgain = revoked.Count(one => one.Retries > 0),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
            MaxMilliseconds = milliseconds.Max,
        };
    }
}
