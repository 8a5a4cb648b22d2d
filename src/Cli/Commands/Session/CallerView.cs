using KeysCluster.Cli.Output;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Session;

/// <summary>A caller for people.</summary>
internal static class CallerView
{
    public static void Write(IAnsiConsole console, Client.Caller caller)
    {
        var isAdmin = caller.Kind == "admin";
        console.WriteMarkupLine($"[bold]{caller.Name}[/] ({(isAdmin ? "admin key" : "API key")})");
        console.Write(Tables.CreateFields(
            ("Project", caller.ProjectId),
            ("API key", caller.ApiKeyId),
            ("Permissions", string.Join(", ", caller.Permissions).ToMarkup()),
            ("Note", caller.Retiring ? "[yellow]This secret was replaced: it can only read and verify.[/]" : null)));
    }
}
