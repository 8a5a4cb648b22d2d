using System.Net;
using KeysCluster.Cluster.EndToEnd.Processes;
using KeysCluster.TestKit;

namespace KeysCluster.Cluster.EndToEnd;

/// <summary>
/// A silo that loses PostgreSQL while all of its connections are in use. The driver blocks a thread for each connection
/// until its timeout. No other call waits for those threads.
/// </summary>
public sealed class DatabasePartitionTests
{
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_busy_silo_partitioned_from_PostgreSQL_responds_to_every_call()
    {
        const int keyCount = 200;
        const int refusalsPerKey = 2;
        await using var cluster = await ProcessCluster.StartAsync(silos: 1, frontEnds: 0);
        var silo = cluster.Silos[0];
        var (_, apiKey) = await cluster.CreateProjectAsync("a project");
        using var client = new KeysClient(silo.Process.Address, apiKey);
        var keys = await client.CreateManyAsync(keyCount);

        var rotations = new CallCounter();
        var isBlocked = false;
        var load = Task.WhenAll(keys.Select(key => RotateUntilRefusedAsync(key.Id)));
        await rotations.WaitForAsync(keyCount, LoadTimeout);
        silo.Postgres.Block();
        Volatile.Write(ref isBlocked, true);
        await load;

        // Only now: every call got its response during the partition.
        silo.Postgres.Unblock(resetConnections: true);

        Directory.Delete(cluster.LogFolder, recursive: true);

        async Task RotateUntilRefusedAsync(string id)
        {
            for (var refusals = 0; refusals < refusalsPerKey;)
            {
                var response = await client.RotateAsync(id);
                rotations.Increment();
                if (response.Status != HttpStatusCode.ServiceUnavailable) continue;
                await Task.Delay(response.RetryAfter!.Value);
                if (Volatile.Read(ref isBlocked)) refusals++;
            }
        }
    }
}
