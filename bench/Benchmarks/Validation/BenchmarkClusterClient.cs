using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Validation;
using KeysCluster.Validation.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>An Orleans client in this process, of a silo in another process.</summary>
internal sealed class BenchmarkClusterClient : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchmarkClusterClient(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The validator for services in this process.</summary>
    public IVirtualKeyValidator Validator => _host.Services.GetRequiredService<IVirtualKeyValidator>();

    public static async Task<BenchmarkClusterClient> ConnectAsync(int gatewayPort)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(
            gatewayPort, serviceId: BenchmarkSiloExtensions.ServiceId, clusterId: BenchmarkSiloExtensions.ClusterId));
        builder.Services.AddVirtualKeyValidatorClient();
        var host = builder.Build();
        await host.StartAsync();
        return new BenchmarkClusterClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
