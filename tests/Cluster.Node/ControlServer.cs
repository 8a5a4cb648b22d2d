using System.Text.Json;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Cluster.Node;

/// <summary>
/// The HTTP server, on a loopback port of its own, through which a test controls this process and calls its validator.
/// </summary>
internal sealed class ControlServer(
    PeerGate gate,
    IGrainFactory grains,
    IVirtualKeyValidator validator,
    ILocalSiloDetails? silo,
    IHostApplicationLifetime lifetime,
    int port)
    : IHostedService
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _server = builder.Build();
        _server.MapPost("/isolate", gate.BlockAll);
        _server.MapPost("/block", (int peer, PeerDirection direction) => gate.Block(peer, direction));
        _server.MapPost("/delay", (int latency, double loss, int retransmission) => gate.Delay(new NetworkDelay(
            TimeSpan.FromMilliseconds(latency), loss, TimeSpan.FromMilliseconds(retransmission))));
        _server.MapPost("/heal", gate.Open);
        _server.MapGet("/activations", GetActivationsAsync);
        _server.MapPost("/validate", ValidateAsync);
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
        if (silo is null) return [];
        var management = grains.GetGrain<IManagementGrain>(0);
        var statistics = await management.GetDetailedGrainStatistics(null, [silo.SiloAddress]);
        return [.. statistics.Select(statistic => statistic.GrainId.ToString())];
    }

    /// <summary>Validates the secret in the body by the validator of this process, without REST.</summary>
    private async Task<IResult> ValidateAsync(HttpRequest request, string? permission)
    {
        // This server starts before the host, which then has no validator.
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        using var reader = new StreamReader(request.Body);
        string[] permissions = permission is null ? [] : [permission];
        var verdict = await validator.ValidateAsync(await reader.ReadToEndAsync(), permissions: permissions);
        if (verdict.Code == VerdictCode.Unavailable) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        var code = JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Code.ToString());
        return Results.Json(new { code, valid_until = verdict.ValidUntil });
    }
}
