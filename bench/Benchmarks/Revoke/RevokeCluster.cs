using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Revoke;

/// <summary>Silos with the REST API in them, on a database of their own, whose keys are revoked.</summary>
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

    /// <summary>Makes keys through all silos, and has each silo hold all of them.</summary>
    public async Task<IReadOnlyList<string>> CreateKeysAsync(int count)
    {
        var keys = new List<string>();
        foreach (var batch in Enumerable.Range(0, count).Chunk(CreateConcurrency))
            keys.AddRange(await Task.WhenAll(batch.Select(CreateKeyAsync)));
        return keys;
    }

    /// <summary>Revokes a key through the silo whose turn it is; sends again what is answered with 503, as the docs tell.</summary>
    public async Task<RevokeTiming> RevokeAsync(string key, int turn)
    {
        var client = GetClient(turn);
        var begun = Stopwatch.GetTimestamp();
        var sentAgain = 0;
        ApiResponse answer;
        while ((answer = await client.RevokeAsync(key)).Status == HttpStatusCode.ServiceUnavailable)
        {
            sentAgain++;
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(answer.Headers["Retry-After"], null)));
        }

        answer.EnsureStatus(HttpStatusCode.OK);
        return new RevokeTiming(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, sentAgain);
    }

    /// <summary>Loses the last silo, as <paramref name="fault"/> does it; from then on nothing is sent to it.</summary>
    public async Task<ServiceProcess> LoseSiloAsync(Func<ServiceProcess, Task> fault)
    {
        var node = _silos[^1];
        _silos.RemoveAt(_silos.Count - 1);
        node.Client.Dispose();
        await fault(node.Silo);
        return node.Silo;
    }

    /// <summary>Starts one more.</summary>
    public async Task StartSiloAsync() => AddSilo(await _cluster.StartSiloAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _silos)
        {
            node.Client.Dispose();
            await node.Silo.DisposeAsync();
        }
    }

    private async Task<string> CreateKeyAsync(int turn)
    {
        // A silo that has just started may not have its lease yet.
        var created = await KeysClient.RetryWhileUnavailableAsync(() => GetClient(turn).SendAsync(
            HttpMethod.Post, "/api/gateway/v1/virtual-keys", new { name = "a key", environment = "live" }));
        created.EnsureStatus(HttpStatusCode.Created);
        var secret = created.Secret;
        var verdicts = await Task.WhenAll(_silos.Select(node => node.Client.VerifyWithRetryAsync(secret)));
        return verdicts.All(code => code == "active")
            ? created.Json.GetProperty("virtual_key").GetProperty("id").GetString()!
            : throw new InvalidOperationException($"A new secret is {string.Join(", ", verdicts)}.");
    }

    private KeysClient GetClient(int turn) => _silos[turn % _silos.Count].Client;

    private void AddSilo(ServiceProcess silo) => _silos.Add(new SiloWithClient(silo, silo.CreateClient(_apiKey)));

    private sealed record SiloWithClient(ServiceProcess Silo, KeysClient Client);
}

/// <summary>One revoke, from when it was first sent until it was answered with 200.</summary>
internal readonly record struct RevokeTiming(double Milliseconds, int Retries);
