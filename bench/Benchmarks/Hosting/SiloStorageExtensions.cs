using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>The storage of silos in this process.</summary>
internal static class SiloStorageExtensions
{
    private const string Invariant = "Npgsql";

    public static void UseMemory(this ISiloBuilder silo) => silo
        .AddMemoryGrainStorage(StorageNames.Provider, options => options.Configure<PepperRing>((options, ring) =>
            options.GrainStorageSerializer = CreateSerializer(ring)))
        .UseSameProviderForReads()
        .UseInMemoryReminderService();

    /// <summary>
    /// Uses a database that a silo of the cluster topology has migrated, with the options of that topology.
    /// </summary>
    public static void UsePostgres(this ISiloBuilder silo, string connectionString) => silo
        .AddAdoNetGrainStorage(StorageNames.Provider, options => options.Configure<PepperRing>((options, ring) =>
        {
            options.Invariant = Invariant;
            options.DataSource = CreateDataSource(connectionString, 64);
            options.GrainStorageSerializer = CreateSerializer(ring);
        }))
        .UseSameProviderForReads()
        .UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = CreateDataSource(connectionString, 16);
        });

    private static StateJsonSerializer CreateSerializer(PepperRing ring) =>
        new(new StateMac(ring, serviceId: "keys", isRequired: true));

    private static ISiloBuilder UseSameProviderForReads(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton(StorageNames.ValidationReads, (services, _) =>
            services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
        return silo;
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString, int maxPoolSize) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = maxPoolSize,
            MaxAutoPrepare = 20,
            Options = "-c synchronous_commit=on",
        });
}
