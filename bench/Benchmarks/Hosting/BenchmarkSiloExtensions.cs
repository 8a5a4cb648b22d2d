using System.Security.Cryptography;
using KeysCluster.Grains;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A silo with the service's grains and those of the benchmarks, in whichever process a benchmark wants it.</summary>
internal static class BenchmarkSiloExtensions
{
    public const string ClusterId = "benchmarks";

    /// <summary>Keeps its rows apart from those of a node on the same database.</summary>
    public const string ServiceId = "benchmarks";

    /// <param name="builder">The host.</param>
    /// <param name="useStorage">Registers state storage, under the name that the grains ask for, and reminders.</param>
    /// <param name="siloPort">Its own.</param>
    /// <param name="gatewayPort">For Orleans clients.</param>
    /// <param name="serviceId">Whose rows it reads and writes.</param>
    public static void AddBenchmarkSilo(
        this IHostApplicationBuilder builder,
        Action<ISiloBuilder> useStorage,
        int siloPort,
        int gatewayPort,
        string serviceId = ServiceId)
    {
        builder.Services.AddMetrics();
        builder.Services.AddKeysGrains();
        builder.Services.AddVirtualKeyValidator();
        builder.Services.AddSingleton(new Pepper(RandomNumberGenerator.GetBytes(Pepper.MinLength)));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: serviceId, clusterId: ClusterId);
            silo.Services.AddSingleton<ILeaseStore, EmptyLeaseStore>();
            silo.AddSiloLease(new LeaseOptions(TimeSpan.FromSeconds(5)));
            useStorage(silo);
        });
    }
}
