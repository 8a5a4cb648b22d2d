using KeysCluster.Cluster.Node;
using KeysCluster.Hosting;

// A silo or front end composed as in src/Silo/Program.cs or src/Api/Program.cs, always in the cluster topology, in
// which a test can cut the connections to its peers, call the validator, and switch off invalidation.
return await HostRunner.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHostDefaults();
    if (builder.Configuration["Test:Role"] == "front-end") await NodeHost.RunFrontEndAsync(builder);
    else await NodeHost.RunSiloAsync(builder);
});
