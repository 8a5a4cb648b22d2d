using KeysCluster.Api;
using KeysCluster.Hosting;
using KeysCluster.Hosting.AdminKeys;
using KeysCluster.Hosting.Tracing;
using KeysCluster.Silo;
using KeysCluster.Silo.Cluster;
using KeysCluster.Silo.Commands;
using KeysCluster.Silo.Dashboard;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Peppers;
using KeysCluster.Validation.Telemetry;
using KeysCluster.WebConsole;
using Npgsql;

if (HealthCheckCommand.Matches(args)) return await HealthCheckCommand.RunAsync(args);
if (AdminKeyCommand.Matches(args)) return AdminKeyCommand.Run(args);
if (MigrateCommand.Matches(args)) return await MigrateCommand.RunAsync(args);
if (PepperCommand.Matches(args)) return await PepperCommand.RunAsync(args);
if (AuthenticateStatesCommand.Matches(args)) return await AuthenticateStatesCommand.RunAsync(args);
if (DoctorCommand.Matches(args)) return await DoctorCommand.RunAsync(args);

return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    var options = KeysSiloOptions.Read(builder.Configuration);
    using var data = builder.OpenDataDirectory(options);
    var peppers = NamedPeppers.Read(builder.Configuration);
    PortCheck.EnsureFree([.. PortCheck.FromAddresses(builder.Configuration), .. options.Ports]);

    builder.AddKeysApi();
    builder.AddConsole(isEnabledByDefault: !options.IsCluster);
    builder.AddKeysSilo(options, peppers);
    if (data is null) builder.UseClusterTopology(options);
    else builder.UseEmbeddedTopology(options, data);
    builder.AddKeysDashboard();
    builder.AddDrain(options.IsCluster ? DrainOptions.DefaultDrainDelay : DrainOptions.SingleNodeDrainDelay);
    builder.AddTelemetry(
        "keyscluster-silo",
        tracing => tracing.AddSource(GrainCallTracing.SourceName).AddNpgsql(),
        metrics => metrics.AddMeter("Microsoft.Orleans", "Npgsql", KeysClusterMeter.Name));

    await using var app = builder.Build();
    app.MapKeysApi();
    app.MapConsole();
    app.MapKeysDashboard();
    await app.PrepareDatabaseAsync(mustExist: data?.IsInitialized == true);
    data?.MarkInitialized();
    await app.StartOrStopAsync();
    if (data is not null) await FirstRunSetup.RunAsync(app, data);
    await app.WaitForShutdownAsync();
});
