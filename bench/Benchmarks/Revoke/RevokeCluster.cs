using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Revoke;

/// <summary>Silos on a database of their own, whose keys are revoked over HTTP.</summary>
internal sealed class RevokeCluster : IAsyncDisposable
{
    private const int CreateConcurrency = 16;

    private readonly ClusterService _cluster;
    private readonly string _apiKey;
    private readonly List<SiloWithClient> _silos = [];

    private RevokeCluster(ClusterService cluster, string apiKey) => (_cluster, _apiKey) = (cluster, apiKey);

    public static async Task<RevokeCluster> StartAsync(PostgresServer server, int silos)
    {
        var service = new ClusterService(await server.CreateDatabaseAsync());
        var first = await service.StartSiloAsync();
        var cluster = new RevokeCluster(service, await service.CreateProjectAsync(first));
        cluster.AddSilo(first);
        try
        {
            for (var silo = 1; silo < silos; silo++) await cluster.StartSiloAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates keys through all silos, and has every silo cache each of them.</summary>
    public async Task<IReadOnlyList<string>> CreateKeysAsync(int count)
    {
        var keys = new List<string>();
        foreach (var batch in Enumerable.Range(0, count).Chunk(CreateConcurrency))
            keys.AddRange(await Task.WhenAll(batch.Select(CreateKeyAsync)));
        return keys;
    }

    /// <summary>Revokes a key through one of the silos, with retries after a 503 as the docs recommend.</summary>
    public async Task<RevokeTiming> RevokeAsync(string key, int turn)
    {
        var client = GetClient(turn);
        var start = Stopwatch.GetTimestamp();
        var retries = 0;
        ApiResponse response;
        while ((response = await client.RevokeAsync(key)).Status == HttpStatusCode.ServiceUnavailable)
        {
            retries++;
            await Task.Delay(response.RetryAfter!.Value);
        }

        response.EnsureStatus(HttpStatusCode.OK);
        return new RevokeTiming(Stopwatch.GetElapsedTime(start).TotalMilliseconds, retries);
    }

    /// <summary>Removes the last silo from the load and causes a fault in it.</summary>
    public async Task<ServiceProcess> RemoveSiloAsync(Func<ServiceProcess, Task> fault)
    {
        var (silo, client) = _silos[^1];
        _silos.RemoveAt(_silos.Count - 1);
        client.Dispose();
        await fault(silo);
        return silo;
    }

    /// <summary>Starts another silo.</summary>
    public async Task StartSiloAsync() => AddSilo(await _cluster.StartSiloAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var (silo, client) in _silos)
        {
            client.Dispose();
            await silo.DisposeAsync();
        }
    }

    private async Task<string> CreateKeyAsync(int turn)
    {
        // A silo returns 503 until it has acquired its lease, shortly after the start.
        var created = await KeysClient.RetryWhileUnavailableAsync(() => GetClient(turn).SendCreateAsync());
        created.EnsureStatus(HttpStatusCode.Created);
        var codes = await Task.WhenAll(_silos.Select(silo => silo.Client.VerifyWithRetryAsync(created.Secret)));
        return codes.All(code => code == "active")
            ? created.Json.GetProperty("virtual_key").GetProperty("id").GetString()!
            : throw new InvalidOperationException($"The verdicts on a new secret are {string.Join(", ", codes)}.");
    }

    private KeysClient GetClient(int turn) => _silos[turn % _silos.Count].Client;

    private void AddSilo(ServiceProcess silo) => _silos.Add(new SiloWithClient(silo, silo.CreateClient(_apiKey)));

    private sealed record SiloWithClient(ServiceProcess Silo, KeysClient Client);
}
