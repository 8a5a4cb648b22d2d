using System.Data.Common;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using Orleans.Storage;

namespace KeysCluster.Silo.Hosting;

/// <summary>One process, SQLite, no server to install.</summary>
internal static class EmbeddedTopology
{
    private const string Invariant = "System.Data.SQLite";

    public static void UseEmbeddedTopology(this ISiloBuilder silo, SiloSettings settings, SqliteDataSource database)
    {
        silo.UseLocalhostClustering(
            settings.SiloPort, settings.GatewayPort, serviceId: settings.ServiceId, clusterId: settings.ClusterId);
        silo.AddAdoNetGrainStorage(StorageNames.Provider, options =>
        {
            options.Invariant = Invariant;
            options.DataSource = database;
            options.GrainStorageSerializer = new StateJsonSerializer();
        });
        silo.Services.AddKeyedSingleton(StorageNames.Reads, (services, _) =>
            services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = database;
        });
        silo.Services.AddSingleton<DbDataSource>(_ => database);
        silo.Services.AddSingleton(database);
        silo.Services.AddHostedService<SqliteCheckpoints>();
    }
}
