using System.Data.Common;
using KeysCluster.Grains;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage.Sqlite;
using Orleans.Storage;

namespace KeysCluster.Silo.Embedded;

/// <summary>The embedded topology: a single process with SQLite, which needs no server.</summary>
internal static class EmbeddedTopologyExtensions
{
    private const string Invariant = "System.Data.SQLite";

    public static void UseEmbeddedTopology(
        this WebApplicationBuilder builder, KeysSiloOptions options, DataDirectory data)
    {
        var database = new SqliteDataSource(data.EnsureDatabaseFile());

        // A factory, so that the container disposes the database.
        builder.Services.AddSingleton<DbDataSource>(_ => database);
        builder.Services.AddSingleton(database);
        builder.Services.AddHostedService<SqliteCheckpointService>();
        builder.Services.AddSingleSilo();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                options.SiloPort, options.GatewayPort, serviceId: options.ServiceId, clusterId: options.ClusterId);
            silo.AddAdoNetGrainStorage(StorageNames.Provider, storage =>
            {
                storage.Invariant = Invariant;
                storage.DataSource = database;
                storage.GrainStorageSerializer = new StateJsonSerializer();
            });
            silo.Services.AddKeyedSingleton(StorageNames.ValidationReads, (services, _) =>
                services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
            silo.UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = Invariant;
                reminders.DataSource = database;
            });
        });
    }
}
