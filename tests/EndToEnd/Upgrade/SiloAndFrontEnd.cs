using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A silo and a front end of one build, and clients of their REST APIs.</summary>
internal sealed class SiloAndFrontEnd(ServiceProcess silo, int siloPort, ServiceProcess frontEnd, string apiKey)
    : IAsyncDisposable
{
    public ServiceProcess Silo => silo;

    /// <summary>The port of the silo in the cluster membership.</summary>
    public int SiloPort => siloPort;

    public KeysClient SiloClient { get; } = silo.CreateClient(apiKey);

    public KeysClient FrontEndClient { get; } = frontEnd.CreateClient(apiKey);

    public KeysClient[] Clients => [SiloClient, FrontEndClient];

    public async ValueTask DisposeAsync()
    {
        SiloClient.Dispose();
        FrontEndClient.Dispose();
        await frontEnd.DisposeAsync();
        await silo.DisposeAsync();
    }
}
