using KeysCluster.Api;
using KeysCluster.Cluster.Node;
using KeysCluster.Grains.Leases;
using KeysCluster.Hosting;
using KeysCluster.Silo;
using KeysCluster.Silo.Cluster;
using KeysCluster.Validation.Leases;

// A silo composed as in src/Silo/Program.cs, always in the cluster topology, in which a test can isolate the silo from
// its peers and switch off invalidation.
return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    var options = KeysSiloOptions.Read(builder.Configuration);
    PortCheck.EnsureFree([.. PortCheck.FromUrls(builder.Configuration), .. options.Ports]);

    builder.AddKeysApi();
    builder.AddKeysSilo(options);
    builder.UseClusterTopology(options);
    builder.AddDrain(DrainOptions.DefaultDrainDelay);

    var gate = new PeerGate();
    builder.UseOrleans(silo => silo.UsePeerGate(gate));
    builder.Services.AddHostedService(services => new ControlServer(
        gate,
        services.GetRequiredService<IGrainFactory>(),
        services.GetRequiredService<ILocalSiloDetails>(),
        builder.Configuration.GetValue<int>("Test:ControlPort")));
    if (builder.Configuration["Test:Fencing"] == "off")
    {
        builder.Services.AddSingleton<ILease, SingleSiloLease>();
        builder.Services.AddSingleton<IInvalidationFence, NullInvalidationFence>();
    }

    await using var app = builder.Build();
    app.MapKeysApi();
    await app.PrepareDatabaseAsync();
    await app.StartOrStopAsync();
    await app.WaitForShutdownAsync();
});
