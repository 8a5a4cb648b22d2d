using KeysCluster.Api;
using KeysCluster.Api.Cluster;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Hosting.Tracing;
using KeysCluster.Validation.Hosting;
using KeysCluster.Validation.Telemetry;
using KeysCluster.WebConsole;

if (HealthCheckCommand.Matches(args)) return await HealthCheckCommand.RunAsync(args);
if (AdminKeyCommand.Matches(args)) return AdminKeyCommand.Run(args);

return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    var options = FrontEndOptions.Read(builder.Configuration);
    PortCheck.EnsureFree(PortCheck.FromAddresses(builder.Configuration));

    builder.AddKeysApi();
    builder.AddConsole(isEnabledByDefault: false);
    builder.AddDrain(DrainOptions.DefaultDrainDelay);
    builder.UseClusterClient(options);
    builder.Services.AddVirtualKeyValidatorClient(options.CacheBytes);
    builder.AddTelemetry(
        "keyscluster-front-end",
        tracing => tracing.AddSource(GrainCallTracing.SourceName),
        metrics => metrics.AddMeter("Microsoft.Orleans", KeysClusterMeter.Name));

    await using var app = builder.Build();
    app.MapKeysApi();
    app.MapConsole();
    await app.StartOrStopAsync();
    await app.WaitForShutdownAsync();
});
