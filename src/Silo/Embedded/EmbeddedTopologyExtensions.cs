using System.Data.Common;
using KeysCluster.Grains;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Silo.Embedded;

/// <summary>The embedded topology: a single process with SQLite, which needs no server.</summary>
internal static class EmbeddedTopologyExtensions
{
    private const string Invariant = "System.Data.SQLite";

    private const int NoGateway = 0;

    /// <summary>The grain storage below <see cref="GuardedStorage"/>.</summary>
    private const string UnguardedProvider = "changes";

    public static void UseEmbeddedTopology(
        this WebApplicationBuilder builder, KeysSiloOptions options, DataDirectory data)
    {
        var path = data.Use(folder => folder.EnsureDatabaseFile());
        builder.Services.AddSingleton(services =>
            new SqliteDataSource(path, services.GetRequiredService<ILogger<SqliteDataSource>>()));
        builder.Services.AddSingleton<DbDataSource>(services => services.GetRequiredService<SqliteDataSource>());
        builder.Services.AddSingleton<IEventStore>(services =>
            new SqliteEventStore(services.GetRequiredService<SqliteDataSource>(), options.ServiceId));
        builder.Services.AddHealthChecks().AddCheck<SqliteHealthCheck>("database");
        builder.Services.AddHostedService<SqliteCheckpointService>();
        builder.Services.AddSingleSilo();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                gatewayPort: NoGateway, serviceId: options.ServiceId, clusterId: options.ClusterId);
            silo.Services.CloseOrleansPorts();
            silo.AddStorage(options);
            silo.UseAdoNetReminderService(reminders => reminders.Configure<SqliteDataSource>((reminders, database) =>
                (reminders.Invariant, reminders.DataSource) = (Invariant, database)));
        });
    }

    private static void AddStorage(this ISiloBuilder silo, KeysSiloOptions options)
    {
        silo.AddAdoNetGrainStorage(UnguardedProvider, storage => storage.Configure<SqliteDataSource, StateMac>(
            (storage, database, mac) =>
            {
                storage.Invariant = Invariant;
                storage.DataSource = database;
                storage.GrainStorageSerializer = new StateJsonSerializer(mac);

                // Only sessions of the console are cleared.
                storage.DeleteStateOnClear = true;
            }));
        silo.Services.AddSingleton<IWriteGuard, SqliteWriteGuard>();
        silo.Services.AddSingleton<IStateInserter>(services => new StateInserter(
            services.GetRequiredService<SqliteDataSource>(),
            services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(UnguardedProvider),
            options.ServiceId,
            services.GetRequiredService<IWriteGuard>()));
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, (services, _) =>
            new AuthenticatedStorage(
                new GuardedStorage(
                    services.GetRequiredKeyedService<IGrainStorage>(UnguardedProvider),
                    services.GetRequiredService<IWriteGuard>()),
                services.GetRequiredService<AlteredStateMonitor>(),
                services.GetRequiredService<MissingPepperMonitor>()));
        silo.Services.AddKeyedSingleton(StorageNames.ValidationReads, (services, _) =>
            services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Provider));
    }
}
