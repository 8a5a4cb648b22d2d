using KeysCluster.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Hosting;

/// <summary>Where an in-process silo keeps states and reminders.</summary>
internal static class SiloStorageExtensions
{
    private const string Invariant = "Npgsql";

    public static void UseMemory(this ISiloBuilder silo) => silo
        .AddMemoryGrainStorage(StorageNames.Provider, options => options.GrainStorageSerializer = new Serializer())
        .UseSameProviderForReads()
        .UseInMemoryReminderService();

    /// <summary>As a node of the cluster topology does it, on a database that a node has migrated.</summary>
    public static void UsePostgres(this ISiloBuilder silo, string connectionString) => silo
        .AddAdoNetGrainStorage(StorageNames.Provider, options =>
        {
            options.Invariant = Invariant;
            options.DataSource = CreateDataSource(connectionString, 64);
            options.GrainStorageSerializer = new Serializer();
        })
        .UseSameProviderForReads()
        .UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = CreateDataSource(connectionString, 16);
        });

    private static ISiloBuilder UseSameProviderForReads(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton(StorageNames.ValidationReads, (services, _) =>
            services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
        return silo;
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString, int connections) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = connections,
            MaxAutoPrepare = 20,
            Options = "-c synchronous_commit=on",
        });

    private sealed class Serializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input, StateJson.Options);

        public T? Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>(StateJson.Options);
    }
}
