using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects create</c>: creates a project.</summary>
internal static class CreateProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string>("name") { Description = "The name." };
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var secret = new SecretOption();
        var command = new Command("create", "Create a project, and show its first API key once.")
        {
            name, idempotencyKey,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            using var destination = secret.Open(run);
            var issued = await run.IssueAsync("Creating…", idempotencyKey, (client, repeatKey) =>
                client.Projects.CreateAsync(run.Get(name)!, repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.Project,
                issued.Project.Id,
                issued.ApiKey,
                issued.IsReplay,
                console => ProjectView.Write(console, issued.Project, run.Now));
        });
    }
}
