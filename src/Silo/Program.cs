using KeysCluster.Api.Hosting;
using KeysCluster.Silo;

if (HealthCheckVerb.IsIn(args)) return await HealthCheckVerb.Run(args);

return await KeysNode.Run(args);
