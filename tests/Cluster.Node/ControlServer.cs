namespace KeysCluster.Cluster.Node;

/// <summary>How the harness reaches into this process: a server of its own on a loopback port.</summary>
internal sealed class ControlServer(Gate gate, IGrainFactory grains, ILocalSiloDetails silo, int port) : IHostedService
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
        _server.MapGet("/activations", Activations);
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A gate that stays closed would hold up the shutdown.
        gate.Open();
        if (_server is not null) await _server.StopAsync(cancellationToken);
    }

    /// <summary>The grains that live on this silo.</summary>
    private async Task<string[]> Activations()
    {
        var statistics = await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, [silo.SiloAddress]);
        return [.. statistics.Select(statistic => statistic.GrainId.ToString())];
    }
}
