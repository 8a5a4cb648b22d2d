using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary>Projects for people.</summary>
internal static class ProjectView
{
    public static Argument<string> IdArgument() => new("id") { Description = "The id of the project (project_…)." };

    /// <summary>Writes a project as the result of a command.</summary>
    public static void WriteProject(this CommandRun run, Project project) =>
        run.Results.Write(project, project.Id, console => Write(console, project, run.Now));

    public static void Write(IAnsiConsole console, Project project, DateTimeOffset now)
    {
        console.WriteMarkupLine($"[bold]{project.Name}[/]  {project.Id}");
        console.Write(Tables.CreateFields(
            ("Status", FormatStatus(project)),
            ("Reason", project.DisabledReason?.ToMarkup()),
            ("Slug", project.Slug.ToMarkup()),
            ("Created", RelativeTime.Format(project.CreatedAt, now)),
            ("Archived", project.ArchivedAt is null ? null : RelativeTime.Format(project.ArchivedAt, now)),
            ("Erasure requested", Format(project.ErasureRequestedAt)),
            ("Erased", Format(project.ErasedAt)),
            ("Max. virtual keys", project.MaxVirtualKeys.ToString(CultureInfo.InvariantCulture))));

        string? Format(DateTimeOffset? time) => time is null ? null : RelativeTime.Format(time, now);
    }

    public static void WriteList(IAnsiConsole console, IReadOnlyList<Project> projects, DateTimeOffset now)
    {
        if (projects.Count == 0)
        {
            console.WriteLine("No projects.");
            return;
        }

        var table = Tables.CreateTable("Name", "Id", "Status", "Created");
        foreach (var project in projects)
        {
            table.Add(
                project.Name.ToMarkup(),
                project.Id,
                FormatStatus(project),
                RelativeTime.Format(project.CreatedAt, now));
        }

        console.Write(table);
    }

    private static string FormatStatus(Project project) => project.Status switch
    {
        ProjectStatus.Active => "[green]active[/]",
        ProjectStatus.Disabled => "[yellow]disabled[/]",
        _ => $"[red]{project.Status.ToString().ToLowerInvariant()}[/]",
    };
}
