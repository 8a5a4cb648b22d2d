using KeysCluster.Api;
using KeysCluster.Api.Cluster;
using KeysCluster.Grains.Leases;
using KeysCluster.Hosting;
using KeysCluster.Silo;
using KeysCluster.Silo.Cluster;
using KeysCluster.Silo.Peppers;
using KeysCluster.Validation;
using KeysCluster.Validation.Hosting;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Cluster.Node;

/// <summary>Composes and runs the two kinds of nodes.</summary>
internal static class NodeHost
{
    public static async Task RunSiloAsync(WebApplicationBuilder builder)
    {
        var options = KeysSiloOptions.Read(builder.Configuration);
        PortCheck.EnsureFree([.. PortCheck.FromAddresses(builder.Configuration), .. options.Ports]);

        builder.AddKeysApi();
        builder.AddKeysSilo(options, NamedPeppers.Read(builder.Configuration));
        builder.UseClusterTopology(options);
        builder.AddDrain(DrainOptions.DefaultDrainDelay);

        var gate = new PeerGate();
        builder.UseOrleans(silo => silo.UsePeerGate(gate));
        builder.AddControlServer(gate);
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
    }

    public static async Task RunFrontEndAsync(WebApplicationBuilder builder)
    {
        var options = FrontEndOptions.Read(builder.Configuration);
        PortCheck.EnsureFree(PortCheck.FromAddresses(builder.Configuration));

        // First, so that it runs before the Orleans client connects: a test may isolate a front end that starts.
        var gate = new PeerGate();
        builder.AddControlServer(gate);
        builder.AddKeysApi();
        builder.AddDrain(DrainOptions.DefaultDrainDelay);
        builder.UseClusterClient(options);
        builder.Services.UsePeerGate(gate);
        builder.Services.AddVirtualKeyValidatorClient(options.CacheBytes);

        await using var app = builder.Build();
        app.MapKeysApi();
        await app.StartOrStopAsync();
        await app.WaitForShutdownAsync();
    }

    private static void AddControlServer(this WebApplicationBuilder builder, PeerGate gate) =>
        builder.Services.AddHostedService(services => new ControlServer(
            gate,
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IVirtualKeyValidator>(),
            services.GetService<ILocalSiloDetails>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            builder.Configuration.GetValue<int>("Test:ControlPort")));
}
