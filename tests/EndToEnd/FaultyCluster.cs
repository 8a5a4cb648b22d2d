using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Silos and one front end alone, for tests that harm them.</summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private readonly ServiceProcess _frontEnd;

    private FaultyCluster(ServiceProcess[] silos, ServiceProcess api, string apiKey)
    {
        (Silos, _frontEnd, ApiKey) = (silos, api, apiKey);
        FrontEndClient = api.CreateClient(apiKey);
    }

    public ServiceProcess[] Silos { get; }

    public KeysClient FrontEndClient { get; }

    public string ApiKey { get; }

    public static async Task<FaultyCluster> StartAsync(
        PostgresFixture postgres, int silos, TimeSpan drainDelay = default) =>
        await StartAsync(await postgres.Server.CreateDatabaseAsync(), silos, drainDelay);

    public static async Task<FaultyCluster> StartAsync(string database, int silos, TimeSpan drainDelay = default)
    {
        var service = new ClusterService(database);
        var started = await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => service.StartSiloAsync(drainDelay)));
        var api = await service.StartFrontEndAsync();
        return new FaultyCluster(started, api, await service.CreateProjectAsync(api));
    }

    public Task<(string Id, string Secret)[]> CreateKeysAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => FrontEndClient.CreateAsync($"key {number}")));

    public async ValueTask DisposeAsync()
    {
        FrontEndClient.Dispose();
        await _frontEnd.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
    }
}
