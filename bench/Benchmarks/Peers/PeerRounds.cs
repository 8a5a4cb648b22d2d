using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Http;
using KeysCluster.Benchmarks.Loads;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>Validations by each path of this service, and what peers do instead, on the same machine by turns.</summary>
internal static class PeerRounds
{
    public const int Count = 3;

    /// <summary>As many as a cache of the processor does not hold.</summary>
    public const int Keys = 10_000;

    /// <summary>How many connections callers share in the second of two loads on Redis.</summary>
    public const int RedisConnections = 4;

    private const int CreateConcurrency = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static async Task<ComparedLoads> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var node = await VerifySilo.StartAsync(await server.CreateDatabaseAsync(), Keys);
        await using var silo = await InProcessSilo.StartAsync(SiloStorageExtensions.UseMemory);
        var secrets = await CreateKeysAsync(silo.Grains);

        await using var postgres = await PostgresCheck.CreateAsync(
            await server.CreateDatabaseAsync(), secrets, LoadRounds.Concurrencies.Max());
        await using var redisServer = await RedisServer.StartAsync();
        await using var redis = await RedisCheck.CreateAsync(redisServer, secrets, connections: 1);
        await using var redisMore = await RedisCheck.CreateAsync(redisServer, secrets, RedisConnections);
        var cached = new CachedValidatorCheck(silo.Validator, secrets);
        var grain = new GrainCheck(silo.Grains, secrets);

        ISecretCheck[] checks = [cached, grain, postgres, redis, redisMore];
        var rounds = await LoadRounds.RunAsync(
            [.. checks.Select(check => new CheckLoad(check, Keys)), node.Load], Count, Duration);
        return new ComparedLoads
        {
            Loads = rounds.Figures(),
            Ratios =
            [
                .. rounds.Ratios("cached_over_postgres", cached.Name, postgres.Name),
                .. rounds.Ratios("cached_over_redis", cached.Name, redis.Name, redisMore.Name),
                .. rounds.Ratios("grain_over_postgres", grain.Name, postgres.Name),
                .. rounds.Ratios("grain_over_redis", grain.Name, redis.Name, redisMore.Name),
            ],
        };
    }

    private static async Task<IReadOnlyList<string>> CreateKeysAsync(IGrainFactory grains)
    {
        var secrets = new List<string>();
        foreach (var batch in Enumerable.Range(0, Keys).Chunk(CreateConcurrency))
        {
            var created = await Task.WhenAll(batch.Select(_ => BenchmarkKey.CreateAsync(grains)));
            secrets.AddRange(created.Select(key => key.Secret.Reveal()));
        }

        return secrets;
    }
}
