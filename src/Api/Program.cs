using KeysCluster;
using KeysCluster.Api;
using KeysCluster.Api.Hosting;
using Npgsql;
using Orleans.Configuration;

if (HealthCheckVerb.IsIn(args)) return await HealthCheckVerb.Run(args);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    var settings = FrontEndSettings.Read(builder.Configuration);
    Ports.EnsureFree(Ports.OfUrls(builder.Configuration));

    builder.UseOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(options =>
            (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.DataSource = NpgsqlDataSource.Create(settings.ConnectionString);
        });
        client.UseConnectionRetryFilter<ClusterConnection>();
        client.AddOutgoingGrainCallFilter<RepeatedCalls>();
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        client.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
        if (builder.Configuration.IsTelemetryWanted()) client.AddActivityPropagation();
    });
    builder.Services.AddVirtualKeyValidatorClient(settings.CachedKeys);
    builder.AddKeysApi(KeysApi.DrainDelay);
    builder.AddKeysTelemetry();

    await using var app = builder.Build();
    app.MapKeysApi();
    await app.StartOrStop();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OperationCanceledException)
{
    // Asked to stop while starting.
    return 0;
}
catch (Exception exception)
{
    return StartupFailure.Report(exception);
}
