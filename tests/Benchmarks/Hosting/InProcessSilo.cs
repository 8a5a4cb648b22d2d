using System.Security.Cryptography;
using KeysCluster.Grains;
using KeysCluster.Grains.Secrets;
using KeysCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>
/// A silo in this process with the service's grains, called through its hosted client.
/// </summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    /// <summary>Keeps its rows apart from those of a node on the same database.</summary>
    private const string ServiceId = "benchmarks";

    private readonly IHost _host;

    private InProcessSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="useStorage">Registers state storage, under the name that the grains ask for, and reminders.</param>
    public static async Task<InProcessSilo> StartAsync(Action<ISiloBuilder> useStorage)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<KeysInstruments>();
        builder.Services.AddSingleton(new Pepper(RandomNumberGenerator.GetBytes(Pepper.MinLength)));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next(), serviceId: ServiceId, clusterId: ServiceId);
            useStorage(silo);
        });

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
