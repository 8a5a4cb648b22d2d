using System.Data.Common;
using System.Net;
using KeysCluster.Grains;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Silo.Hosting;

/// <summary>Any number of nodes on one PostgreSQL.</summary>
internal static class ClusterTopology
{
    private const string Invariant = "Npgsql";

    /// <summary>The storage of changes, before it is looked at how long they took.</summary>
    private const string Changes = "changes";

    public static void UseClusterTopology(this ISiloBuilder silo, SiloSettings settings, PostgresDataSources databases)
    {
        databases.ReserveThreads();
        silo.Configure<ClusterOptions>(options =>
            (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // A silo that is gone is out after about three seconds; one that hangs after three of the longest probes.
            // Measured in docs/operations.md, false deaths at full load included.
            options.ProbeTimeout = options.MinProbeTimeout = TimeSpan.FromSeconds(1);
            options.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
            options.NumMissedProbesLimit = 3;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);

            // A node that starts after a crash of all waits for those that crashed until three of these have passed.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        });

        silo.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = TimeSpan.FromSeconds(2));

        var address = IPAddress.Parse(settings.AdvertisedAddress);
        silo.ConfigureEndpoints(
            address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = databases.Membership;
        });
        AddStorage(silo, Changes, databases.Grains);
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, (services, _) =>
            new UncutWrites(services.GetRequiredKeyedService<IGrainStorage>(Changes), databases.ChangeTimeout));
        AddStorage(silo, StorageNames.Reads, databases.Reads);
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = databases.Reminders;
        });
        silo.Services.AddSingleton<DbDataSource>(databases.Grains);
        silo.Services.AddSingleton<ILeaseTable>(new LeaseTable(databases, settings.ServiceId));
        silo.AddSiloLease(new LeaseOptions(settings.LeaseDuration));
        silo.Services.AddHealthChecks().AddCheck<LeaseHealthCheck>("lease");
    }

    private static void AddStorage(ISiloBuilder silo, string name, NpgsqlDataSource database) =>
        silo.AddAdoNetGrainStorage(name, options =>
        {
            options.Invariant = Invariant;
            options.DataSource = database;
            options.GrainStorageSerializer = new StateJsonSerializer();
        });
}
