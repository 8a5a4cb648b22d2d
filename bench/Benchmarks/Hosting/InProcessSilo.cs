using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;
using KeysCluster.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A silo in this process, which is called through its hosted client.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private InProcessSilo(IHost host) => _host = host;

    /// <summary>The validator for services in the process of the silo.</summary>
    public IVirtualKeyValidator Validator => _host.Services.GetRequiredService<IVirtualKeyValidator>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider);

    /// <param name="useStorage">Registers the grain storage and the reminders.</param>
    /// <param name="serviceId">The service id of the rows that the silo reads and writes.</param>
    /// <param name="configure">Configures the host further.</param>
    public static async Task<InProcessSilo> StartAsync(
        Action<ISiloBuilder> useStorage,
        string serviceId = BenchmarkSiloExtensions.ServiceId,
        Action<IHostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddBenchmarkSilo(useStorage, FreePort.Next(), FreePort.Next(), serviceId);
        configure?.Invoke(builder);

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
