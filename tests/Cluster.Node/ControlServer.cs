namespace KeysCluster.Cluster.Node;

/// <summary>The HTTP server, on a loopback port of its own, through which a test controls this process.</summary>
internal sealed class ControlServer(PeerGate gate, IGrainFactory grains, ILocalSiloDetails silo, int port)
    : IHostedService
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _server = builder.Build();
        _server.MapPost("/isolate", gate.Close);
        _server.MapPost("/heal", gate.Open);
        _server.MapGet("/activations", GetActivationsAsync);
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A closed gate would block the shutdown.
        gate.Open();
        if (_server is not null) await _server.StopAsync(cancellationToken);
    }

    /// <summary>Returns the ids of the grains that are active on this silo.</summary>
    private async Task<string[]> GetActivationsAsync()
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var statistics = await management.GetDetailedGrainStatistics(null, [silo.SiloAddress]);
        return [.. statistics.Select(statistic => statistic.GrainId.ToString())];
    }
}
