using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Silos and a front end that a test kills, suspends or stops.</summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private FaultyCluster(ServiceProcess[] silos, ServiceProcess frontEnd, string apiKey)
    {
        (Silos, FrontEnd, ApiKey) = (silos, frontEnd, apiKey);
        FrontEndClient = frontEnd.CreateClient(apiKey);
    }

    public ServiceProcess[] Silos { get; }

    public ServiceProcess FrontEnd { get; }

    public KeysClient FrontEndClient { get; }

    public string ApiKey { get; }

    public static async Task<FaultyCluster> StartAsync(string database, int silos, TimeSpan drainDelay = default)
    {
        var service = new ClusterService(database);
        var started = await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => service.StartSiloAsync(drainDelay)));
        var frontEnd = await service.StartFrontEndAsync();
        return new FaultyCluster(started, frontEnd, await service.CreateProjectAsync(frontEnd));
    }

    public async ValueTask DisposeAsync()
    {
        FrontEndClient.Dispose();
        await FrontEnd.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
    }
}
