using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Revoke;

/// <summary>Revokes in clusters of several sizes that are well, and in one that has just lost a silo.</summary>
internal static class RevokeRounds
{
    /// <summary>The default of <c>Cluster:LeaseDuration</c>, which the silos have.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private const int Revokes = 150;
    private const int RevokesAtOnce = 32;
    private const int SilosOfLost = 3;

    /// <summary>As many as warm up what the first calls of a process take longer for.</summary>
    private const int Uncounted = 30;

    private static readonly int[] Sizes = [1, 3, 5];

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
        var (well, lost) = (new List<RevokedKeys>(), new List<RevokedKeys>());
        foreach (var silos in Sizes)
        {
            await using var cluster = await RevokedCluster.StartAsync(server, silos);
            well.Add(await RevokeOneByOneAsync(cluster, silos));
            if (silos != SilosOfLost) continue;
            foreach (var (name, lose) in Faults) lost.Add(await RevokeAfterAsync(cluster, name, lose));
        }

        return new RevokeFigures { LeaseMilliseconds = Lease.TotalMilliseconds, Well = well, Lost = lost };
    }

    private static async Task<RevokedKeys> RevokeOneByOneAsync(RevokedCluster cluster, int silos)
    {
        var keys = await cluster.CreateKeysAsync(Uncounted + Revokes);
        var revoked = new Revoked[keys.Count];
        for (var turn = 0; turn < keys.Count; turn++) revoked[turn] = await cluster.RevokeAsync(keys[turn], turn);
        return Figures("well", silos, revoked[Uncounted..]);
    }

    private static async Task<RevokedKeys> RevokeAfterAsync(
        RevokedCluster cluster, string name, Func<ServiceProcess, Task> fault)
    {
        var keys = await cluster.CreateKeysAsync(RevokesAtOnce);
        await using var lost = await cluster.LoseAsync(fault);
        var revoked = await Task.WhenAll(keys.Select((key, turn) => cluster.RevokeAsync(key, turn)));
        await lost.KillAsync();
        await cluster.AddAsync();
        return Figures(name, SilosOfLost, revoked);
    }

    private static RevokedKeys Figures(string cluster, int silos, Revoked[] revoked)
    {
        var milliseconds = Percentiles.Of(revoked.Select(one => one.Milliseconds));
        Console.WriteLine($"revokes, {silos} silos, {cluster}: p50 {milliseconds.P50:F1} ms, at most {milliseconds.Max:F0} ms");
        return new RevokedKeys
        {
            Cluster = cluster,
            Silos = silos,
            Revokes = revoked.Length,
            SentAgain = revoked.Count(one => one.SentAgain > 0),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
            MaxMilliseconds = milliseconds.Max,
        };
    }
}
