using System.Security.Cryptography;
using KeysCluster.Grains;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>A silo with the grains of the service and of the benchmarks.</summary>
internal static class BenchmarkSiloExtensions
{
    public const string ClusterId = "benchmarks";

    /// <summary>Separates the rows of this silo from those of a silo process on the same database.</summary>
    public const string ServiceId = "benchmarks";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    /// <param name="builder">The host.</param>
    /// <param name="useStorage">Registers the grain storage and the reminders.</param>
    /// <param name="siloPort">The port of the silo.</param>
    /// <param name="gatewayPort">The port for Orleans clients.</param>
    /// <param name="serviceId">The service id of the rows that the silo reads and writes.</param>
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
        var pepper = new Pepper(RandomNumberGenerator.GetBytes(Pepper.MinLength));
        builder.Services.AddSingleton(new PepperRing(new PepperSet(pepper)));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: serviceId, clusterId: ClusterId);
            var leases = new EmptyLeaseStore();
            silo.AddSiloLease(new LeaseOptions(LeaseDuration, TimeSpan.FromSeconds(1)), leases, leases);
            useStorage(silo);
        });
    }
}
