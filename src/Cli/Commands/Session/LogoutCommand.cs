using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;

namespace KeysCluster.Cli.Commands.Session;

/// <summary><c>keys logout</c>: removes a profile. The key itself stays valid.</summary>
internal static class LogoutCommand
{
    public static Command Create(CliEnvironment environment) =>
        new Command("logout", "Remove the key from the profile. It stays valid.").WithAction(environment, (run, _) =>
        {
            if (!run.Environment.Profiles.Remove(run.ProfileName))
                throw new CliException($"There is no profile {run.ProfileName}.", ExitCodes.NotFound);
            run.Results.Write(
                new { Profile = run.ProfileName },
                "",
                console => console.WriteMarkupLine($"Removed the profile [bold]{run.ProfileName}[/]."));
            return Task.CompletedTask;
        });
}
