using KeysCluster.Api.Hosting;
using KeysCluster.Silo;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Hosting;

if (HealthCheckVerb.IsIn(args)) return await HealthCheckVerb.Run(args);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    var settings = SiloSettings.Read(builder.Configuration);

    using var data = settings.IsCluster ? null : DataDirectory.Open(settings.DataDirectory);
    builder.AddKeysSilo(settings, data);
    builder.AddKeysApi(settings.IsCluster ? KeysApi.DrainDelay : TimeSpan.Zero);
    builder.AddSiloTelemetry();

    await using var app = builder.Build();
    app.MapKeysApi();
    await app.PrepareStorage();
    await app.StartAsync();
    if (data is not null) await FirstStart.Run(app, data);
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
