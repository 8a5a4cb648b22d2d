using KeysCluster.Benchmarks.Hosting;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>An Orleans client in this process, of a <see cref="BenchmarkSilo"/> in another one.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterClient(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What a service in this process validates with.</summary>
    public IVirtualKeyValidator Validator => _host.Services.GetRequiredService<IVirtualKeyValidator>();

    public static async Task<ClusterClient> ConnectAsync(int gatewayPort)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(
            gatewayPort, serviceId: BenchmarkSilo.ServiceId, clusterId: BenchmarkSilo.ClusterId));
        builder.Services.AddVirtualKeyValidatorClient();
        var host = builder.Build();
        await host.StartAsync();
        return new ClusterClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
