using KeysCluster.Cluster.Node;
using KeysCluster.Grains.Leases;
using KeysCluster.Leases;
using KeysCluster.Silo;

// The node as it ships, and beside it what a test may do to it: cut it off from its peers, and take its fencing away.
return await KeysNode.Run(args, builder =>
{
    var gate = new Gate();
    builder.UseOrleans(silo => silo.GatePeers(gate));
    builder.Services.AddHostedService(services => new ControlServer(
        gate, services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<ILocalSiloDetails>(),
        builder.Configuration.GetValue<int>("Test:ControlPort")));

    if (builder.Configuration["Test:Fencing"] != "off") return;
    builder.Services.AddSingleton<ILease>(services => services.GetRequiredService<SoleSilo>());
    builder.Services.AddSingleton<IValidityFence>(services => services.GetRequiredService<SoleSilo>());
});
