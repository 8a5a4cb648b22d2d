using KeysCluster.Hosting;
using KeysCluster.Hosting.Tracing;
using KeysCluster.Security.Hosting;
using Npgsql;
using Orleans.Configuration;

namespace KeysCluster.Api.Cluster;

internal static class ClusterClientExtensions
{
    /// <summary>Adds the Orleans client of a front end. It finds silos in the cluster's membership table.</summary>
    public static void UseClusterClient(this WebApplicationBuilder builder, FrontEndOptions options)
    {
        // After the filter that retries, so that it observes each attempt.
        builder.Services.AddSingleton<SiloReachability>();
        builder.Services.AddSingleton<IOutgoingGrainCallFilter>(services =>
            services.GetRequiredService<SiloReachability>());
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
            client.UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = "Npgsql";
                clustering.DataSource = NpgsqlDataSource.Create(options.ConnectionString);
            });
            if (options.Tls.IsConfigured) client.UseClusterTls(options.Tls);
            client.UseConnectionRetryFilter<ClusterConnectionRetryFilter>();
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ConnectionOptions>(connection =>
                connection.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
        });
        if (builder.Configuration.IsTracingEnabled()) builder.Services.AddOutgoingGrainCallTracing();
    }
}
