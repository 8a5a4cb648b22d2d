using System.Data.Common;
using System.Net;
using KeysCluster.Grains;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Security.Hosting;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.PostgreSql;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Silo.Cluster;

/// <summary>The cluster topology: any number of silos on one PostgreSQL database.</summary>
internal static class ClusterTopologyExtensions
{
    private const string Invariant = "Npgsql";

    /// <summary>The names of grains and methods, and the request context.</summary>
    private const int MaxHeaderBytes = 64 * 1024;

    /// <summary>A list of 1,000 virtual keys with the largest texts and configurations has 24 MB.</summary>
    private const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>The grain storage below that of <see cref="StorageNames.Provider"/>.</summary>
    private const string UnguardedProvider = "changes";

    /// <summary>The grain storage below that of <see cref="StorageNames.ValidationReads"/>.</summary>
    private const string UnguardedReads = "reads";

    public static void UseClusterTopology(this WebApplicationBuilder builder, KeysSiloOptions options)
    {
        var databases = new PostgresDataSources(options.ConnectionString!);
        databases.ReserveThreads();

        // A factory, so that the container disposes the pools. It does not dispose instances.
        builder.Services.AddSingleton(_ => databases);
        builder.Services.AddSingleton<DbDataSource>(services =>
            services.GetRequiredService<PostgresDataSources>().Grains);
        builder.Services.AddSingleton<IEventStore>(services =>
            new PostgresEventStore(services.GetRequiredService<PostgresDataSources>().Grains, options.ServiceId));
        builder.Services.AddHealthChecks().AddCheck<ClockHealthCheck>("clock");
        builder.UseOrleans(silo =>
        {
            silo.AddMembership(options, databases);
            silo.AddStorage(options, databases);
            silo.UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = Invariant;
                reminders.DataSource = databases.Reminders;
            });
            silo.AddSiloLease(
                new LeaseOptions(options.LeaseDuration, options.MaxClockOffset),
                new PostgresLeaseStore(
                    databases.Leases, databases.Grains, options.ServiceId, onServerClosed: databases.Clear),
                new PostgresLeaseStore(databases.ClientLeases, databases.Grains, options.ServiceId));
        });
    }

    private static void AddMembership(this ISiloBuilder silo, KeysSiloOptions options, PostgresDataSources databases)
    {
        silo.Configure<ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A crashed silo is declared dead after about three seconds, a hung one after three of the longest probes.
            // docs/operations.md has the measurements, including that full load causes no false positives.
            membership.ProbeTimeout = membership.MinProbeTimeout = TimeSpan.FromSeconds(1);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
            membership.NumMissedProbesLimit = 3;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);

            // After a crash of all silos, a starting silo waits three of these periods for the crashed ones.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        });
        silo.Configure<SiloMessagingOptions>(messages =>
            (messages.MaxMessageHeaderSize, messages.MaxMessageBodySize) = (MaxHeaderBytes, MaxBodyBytes));
        silo.Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = TimeSpan.FromSeconds(2));

        silo.ConfigureEndpoints(IPAddress.Parse(options.AdvertisedAddress), options.SiloPort, options.GatewayPort);
        if (options.Tls.IsConfigured)
        {
            silo.UseClusterTls(
                options.Tls,
                services => services.GetRequiredService<PepperRing>().Peppers.DeriveKeys("cluster session"));
        }

        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Invariant;
            clustering.DataSource = databases.Membership;
        });
    }

    private static void AddStorage(
        this ISiloBuilder silo, KeysSiloOptions options, PostgresDataSources databases)
    {
        silo.AddGrainStorage(UnguardedProvider, databases.Grains);
        silo.Services.AddSingleton<IWriteGuard>(new ReplicationGuard(databases.Grains.ConnectionString));
        silo.Services.AddSingleton<IStateInserter>(services => new StateInserter(
            databases.Grains,
            services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(UnguardedProvider),
            options.ServiceId,
            services.GetRequiredService<IWriteGuard>()));
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, (services, _) => Authenticate(
            services,
            new GuardedStorage(
                services.GetRequiredKeyedService<IGrainStorage>(UnguardedProvider),
                services.GetRequiredService<IWriteGuard>())));
        silo.AddGrainStorage(UnguardedReads, databases.Reads);
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, (services, _) => Authenticate(
            services, services.GetRequiredKeyedService<IGrainStorage>(UnguardedReads)));
    }

    private static AuthenticatedStorage Authenticate(IServiceProvider services, IGrainStorage storage) =>
        new(
            storage,
            services.GetRequiredService<AlteredStateMonitor>(),
            services.GetRequiredService<MissingPepperMonitor>());

    private static void AddGrainStorage(this ISiloBuilder silo, string name, NpgsqlDataSource database) =>
        silo.AddAdoNetGrainStorage(name, storage => storage.Configure<StateMac>((storage, mac) =>
        {
            storage.Invariant = Invariant;
            storage.DataSource = database;
            storage.GrainStorageSerializer = new StateJsonSerializer(mac);

            // Only sessions of the console are cleared.
            storage.DeleteStateOnClear = true;
        }));
}
