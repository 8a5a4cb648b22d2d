using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary>Options and arguments of the commands for API keys.</summary>
internal static class ApiKeyOptions
{
    public static Option<string?> Project() => new("--project")
    {
        Description = "The id of the project; that of your API key by default.",
        HelpName = "id",
    };

    public static Argument<string> Id() => new("id") { Description = "The id of the API key (apikey_…)." };

    public static Option<string[]> Permissions()
    {
        var option = new Option<string[]>("--permission")
        {
            Description = "What it may do; may be repeated, and 'all' is everything.",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptOnlyFromAmong([.. ApiKeyPermissions.All, "all"]);
        return option;
    }

    public static IReadOnlyList<string> GetPermissions(this CommandRun run, Option<string[]> option) =>
        run.Get(option) is { } given && !given.Contains("all") ? given : ApiKeyPermissions.All;

    /// <summary>Returns the project that the option names, or that of the caller.</summary>
    public static async Task<string> FindProjectAsync(
        this CommandRun run, Option<string?> project, CancellationToken cancellationToken) =>
        run.Get(project)
        ?? (await run.Client.GetCallerAsync(cancellationToken)).ProjectId
        ?? throw new CliException("An admin key belongs to no project: pass --project.");
}
