using System.Data.Common;
using System.Net;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using Orleans.Configuration;

namespace KeysCluster.Silo.Hosting;

/// <summary>Any number of nodes on one PostgreSQL.</summary>
internal static class ClusterTopology
{
    private const string Invariant = "Npgsql";

    public static void UseClusterTopology(this ISiloBuilder silo, SiloSettings settings, PostgresDataSources databases)
    {
        silo.Configure<ClusterOptions>(options =>
            (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(2);
            options.NumMissedProbesLimit = 3;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);

            // A node that starts after a crash of all waits for those that crashed until three of these have passed.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        });

        var address = IPAddress.Parse(settings.AdvertisedAddress);
        silo.ConfigureEndpoints(
            address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = databases.Membership;
        });
        silo.AddAdoNetGrainStorage(StorageNames.Provider, options =>
        {
            options.Invariant = Invariant;
            options.DataSource = databases.Grains;
            options.GrainStorageSerializer = new StateJsonSerializer();
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.DataSource = databases.Reminders;
        });
        silo.Services.AddSingleton<DbDataSource>(databases.Grains);
    }
}
