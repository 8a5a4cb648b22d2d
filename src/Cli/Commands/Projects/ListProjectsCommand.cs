using System.CommandLine;
using KeysCluster.Cli.Invocation;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects list</c>: lists projects.</summary>
internal static class ListProjectsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var archived = new Option<bool>("--archived") { Description = "List the archived projects instead." };
        var limit = new Option<int>("--limit")
        {
            Description = "How many to list; 50 by default, 0 for all.",
            HelpName = "number",
            DefaultValueFactory = _ => 50,
        };
        return new Command("list", "List projects, newest first.") { archived, limit }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var (projects, hasMore) = await run.ListAsync(
                    "Reading…",
                    run.Get(limit),
                    client => client.Projects.ListAsync(run.Get(archived), cancellationToken));
                run.Results.Write(projects, string.Join('\n', projects.Select(project => project.Id)), console =>
                {
                    ProjectView.WriteList(console, projects, run.Now);
                    if (hasMore) console.WriteLine($"There are more than {projects.Count}. Pass --limit 0 for all.");
                });
            });
    }
}
