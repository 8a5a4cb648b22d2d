using KeysCluster.Validation;
using KeysCluster.Validation.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A service that validates the secrets of its callers, as an Orleans client of the cluster.</summary>
internal sealed class ValidatingClient(IHost host) : IAsyncDisposable
{
    public IClusterClient Client { get; } = host.Services.GetRequiredService<IClusterClient>();

    public IVirtualKeyValidator Validator { get; } = host.Services.GetRequiredService<IVirtualKeyValidator>();

    public static async Task<ValidatingClient> StartAsync(string connectionString)
    {
        var host = new HostBuilder()
            .UseOrleansClient(client => client
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("keys", "keys"))
                .UseAdoNetClustering(options =>
                    (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString)))
            .ConfigureServices(services => services.AddVirtualKeyValidatorClient())
            .Build();
        await host.StartAsync();
        return new ValidatingClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
