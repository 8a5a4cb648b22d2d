using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Http;
using KeysCluster.Benchmarks.Loads;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>Measures each kind of validation of this service, against the lookups of other services.</summary>
internal static class PeerRounds
{
    public const int Count = 3;

    /// <summary>More keys than the cache of a processor has room for.</summary>
    public const int KeyCount = 10_000;

    /// <summary>The number of connections that callers share in the second load on Redis.</summary>
    public const int RedisConnections = 4;

    private const int CreateConcurrency = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public static async Task<ComparedLoads> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var verifySilo = await VerifySilo.StartAsync(await server.CreateDatabaseAsync(), KeyCount);
        await using var silo = await InProcessSilo.StartAsync(SiloStorageExtensions.UseMemory);
        var keys = await BenchmarkKey.CreateManyAsync(silo.Grains, KeyCount, CreateConcurrency);
        string[] secrets = [.. keys.Select(key => key.Secret.Reveal())];

        await using var postgres = await PostgresCheck.CreateAsync(
            await server.CreateDatabaseAsync(), secrets, LoadRounds.Concurrencies.Max());
        await using var redisServer = await RedisServer.StartAsync();
        await using var redis = await RedisCheck.CreateAsync(redisServer, secrets, connections: 1);
        await using var redisMore = await RedisCheck.CreateAsync(redisServer, secrets, RedisConnections);
        var cached = new CachedValidatorCheck(silo.Validator, secrets);
        var grain = new GrainCheck(silo.Grains, secrets);

        ISecretCheck[] checks = [cached, grain, postgres, redis, redisMore];
        var rounds = await LoadRounds.RunAsync(
            [.. checks.Select(check => new CheckLoad(check, KeyCount)), verifySilo.Load], Count, Duration);
        return new ComparedLoads
        {
            Loads = rounds.GetFigures(),
            Ratios =
            [
                .. rounds.GetRatios("cached_over_postgres", cached.Name, postgres.Name),
                .. rounds.GetRatios("cached_over_redis", cached.Name, redis.Name, redisMore.Name),
                .. rounds.GetRatios("grain_over_postgres", grain.Name, postgres.Name),
                .. rounds.GetRatios("grain_over_redis", grain.Name, redis.Name, redisMore.Name),
            ],
        };
    }
}
