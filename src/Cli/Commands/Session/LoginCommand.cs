using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Profiles;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Session;

/// <summary><c>keys login</c>: checks a key, and stores it in a profile.</summary>
internal static class LoginCommand
{
    public static Command Create(CliEnvironment environment) =>
        new Command("login", "Sign in: check an API key or admin key, and store it in a profile.")
            .WithAction(environment, ExecuteAsync);

    private static async Task ExecuteAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var options = new KeysClientOptions
        {
            ApiKey = await ReadKeyAsync(run, cancellationToken),
            AllowPlaintext = run.Get(GlobalOptions.AllowPlaintext),
        };
        if (await FindUrlAsync(run, options.BaseAddress, cancellationToken) is { } url)
            options.BaseAddress = CommandRun.ParseUrl(url);

        using var client = KeysClient.Create(options);
        var caller = await client.GetCallerAsync(cancellationToken);
        run.Environment.Profiles.Save(
            run.ProfileName, new KeysProfile(options.BaseAddress.AbsoluteUri, options.ApiKey, options.AllowPlaintext));
        run.Results.Write(caller, run.ProfileName, console =>
        {
            CallerView.Write(console, caller);
            console.WriteMarkupLine(
                $"Stored as profile [bold]{run.ProfileName}[/] in {run.Environment.Profiles.Path}");
        });
    }

    private static async Task<string?> FindUrlAsync(
        CommandRun run, Uri defaultUrl, CancellationToken cancellationToken)
    {
        if (run.Get(GlobalOptions.Url) is { } given) return given;
        if (run.Environment.GetVariable("KEYS_URL") is { Length: > 0 } variable) return variable;
        if (!run.Environment.IsInputTerminal) return null;
        var prompt = new TextPrompt<string>("Address of the service:").DefaultValue(defaultUrl.AbsoluteUri);
        return await run.Environment.Error.PromptAsync(prompt, cancellationToken);
    }

    /// <summary>The key is not an argument: others can read the command line of a process.</summary>
    private static async Task<string> ReadKeyAsync(CommandRun run, CancellationToken cancellationToken)
    {
        if (run.Get(GlobalOptions.ApiKeyFile) is { } file) return CommandRun.ReadKeyFile(file);
        if (run.Environment.GetVariable("KEYS_API_KEY") is { Length: > 0 } variable) return variable;
        if (run.Environment.IsInputTerminal)
        {
            var prompt = new TextPrompt<string>("API key or admin key:").Secret();
            return (await run.Environment.Error.PromptAsync(prompt, cancellationToken)).Trim();
        }

        return (await run.Environment.Input.ReadLineAsync(cancellationToken))?.Trim() is { Length: > 0 } line
            ? line
            : throw new CliException("No key. Pass --api-key-file, or the key on the standard input.");
    }
}
