using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// A silo in this process with the service's grains, called through its hosted client.
/// </summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private InProcessSilo(IHost host) => _host = host;

    /// <summary>What a service in the silo's process validates with.</summary>
    public IVirtualKeyValidator Validator => _host.Services.GetRequiredService<IVirtualKeyValidator>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider);

    /// <param name="useStorage">Registers state storage, under the name that the grains ask for, and reminders.</param>
    /// <param name="serviceId">Whose rows it reads and writes.</param>
    public static async Task<InProcessSilo> StartAsync(
        Action<ISiloBuilder> useStorage, string serviceId = BenchmarkSiloExtensions.ServiceId)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddBenchmarkSilo(useStorage, FreePort.Next(), FreePort.Next(), serviceId);

        var host = builder.Build();
        await host.StartAsync();
        return new InProcessSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
