using KeysCluster.Cli;
using KeysCluster.Cli.Invocation;

return await KeysCommandLine.InvokeAsync(args, CliEnvironment.FromProcess());
