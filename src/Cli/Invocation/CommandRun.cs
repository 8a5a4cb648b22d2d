using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Output;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Invocation;

/// <summary>One execution of a command.</summary>
internal sealed class CommandRun(CliEnvironment environment, ParseResult parsed) : IDisposable
{
    private const string DefaultProfile = "default";

    private KeysClient? _client;

    public CliEnvironment Environment => environment;

    public int ExitCode { get; set; } = ExitCodes.Success;

    /// <summary>What to do when it is unknown whether the service has executed the request; null for nothing.</summary>
    public string? UnknownOutcomeHint { get; set; }

    /// <summary>The option with which a command returns the same secret again; null if it issues none.</summary>
    public string? RepeatOption { get; private set; }

    public DateTimeOffset Now => environment.Time.GetUtcNow();

    public ResultWriter Results => new(
        environment.Output, parsed.GetValue(GlobalOptions.Json), parsed.GetValue(GlobalOptions.Quiet));

    /// <summary>The client, with the key that the options, the environment or the profile names.</summary>
    public KeysClient Client => _client ??= KeysClient.Create(GetClientOptions());

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Whether an option was given. An update changes only what was.</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The name of the profile to use.</summary>
    public string ProfileName =>
        parsed.GetValue(GlobalOptions.Profile) ?? GetVariable("KEYS_PROFILE") ?? DefaultProfile;

    /// <summary>Runs a call, and shows that it runs when a person waits for it.</summary>
    public async Task<T> CallAsync<T>(string progress, Func<KeysClient, Task<T>> callAsync)
    {
        var client = Client;
        if (!environment.Error.Profile.Capabilities.Interactive) return await callAsync(client);
        return await environment.Error.Status().StartAsync(progress.ToMarkup(), _ => callAsync(client));
    }

    /// <summary>Does work on this machine, and shows that it runs when a person waits for it.</summary>
    public Task<T> WorkAsync<T>(string progress, Func<T> work, CancellationToken cancellationToken)
    {
        var working = Task.Run(work, cancellationToken);
        return environment.Error.Profile.Capabilities.Interactive
            ? environment.Error.Status().StartAsync(progress.ToMarkup(), _ => working)
            : working;
    }

    /// <summary>Runs a call without a result.</summary>
    public Task CallAsync(string progress, Func<KeysClient, Task> callAsync) => CallAsync(progress, async client =>
    {
        await callAsync(client);
        return true;
    });

    /// <summary>Writes that something was deleted.</summary>
    public void WriteDeleted(string id) => Results.Write(
        new { Id = id, Deleted = true }, "", console => console.WriteMarkupLine($"Deleted {id}."));

    /// <summary>Runs a call that issues a secret, so that repeating the command issues no second one.</summary>
    public Task<T> IssueAsync<T>(
        string progress, Option<string?> idempotencyKey, Func<KeysClient, string, Task<T>> issueAsync)
    {
        var key = Get(idempotencyKey) ?? Guid.NewGuid().ToString("N");
        RepeatOption = $"--idempotency-key {key}";
        UnknownOutcomeHint = $"It may have been executed. Repeat the command with: {RepeatOption}";
        return CallAsync(progress, client => issueAsync(client, key));
    }

    /// <summary>Reads the entries of a list up to a limit; 0 for all.</summary>
    public Task<(IReadOnlyList<T> Entries, bool HasMore)> ListAsync<T>(
        string progress, int limit, Func<KeysClient, IAsyncEnumerable<T>> list) =>
        CallAsync(progress, async client =>
        {
            var entries = new List<T>();
            await foreach (var entry in list(client))
            {
                if (limit > 0 && entries.Count == limit) return ((IReadOnlyList<T>)entries, true);
                entries.Add(entry);
            }

            return (entries, false);
        });

    /// <summary>Asks whether to go on. Without a person to ask, the option must say so.</summary>
    public async Task ConfirmAsync(string question, Option<bool> yes, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(yes)) return;
        if (!environment.IsInputTerminal)
            throw new CliException($"{question} Nobody can be asked here: pass --yes.");
        var prompt = new ConfirmationPrompt(question.ToMarkup()) { DefaultValue = false };
        if (!await environment.Error.PromptAsync(prompt, cancellationToken))
            throw new CliException("Nothing was changed.", ExitCodes.Failure);
    }

    /// <summary>Returns the key to sign in with and where to send it.</summary>
    public KeysClientOptions GetClientOptions()
    {
        var apiKey = FindApiKey();
        var url = parsed.GetValue(GlobalOptions.Url) ?? GetVariable("KEYS_URL");

        // A profile that nothing is taken from may be missing, or unreadable.
        var profile = apiKey is null || url is null ? environment.Profiles.Find(ProfileName) : null;
        var options = new KeysClientOptions
        {
            ApiKey = apiKey ?? profile?.ApiKey ?? throw new CliException(DescribeSignIn(), ExitCodes.Denied),

            // What a profile permits, it permits for its own address.
            AllowPlaintext =
                parsed.GetValue(GlobalOptions.AllowPlaintext) || (url is null && profile?.AllowPlaintext == true),
        };
        if ((url ?? profile?.Url) is { } address) options.BaseAddress = ParseUrl(address);
        return options;
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Returns the key of the options or the environment; null for that of the profile.</summary>
    private string? FindApiKey() => parsed.GetValue(GlobalOptions.ApiKeyFile) is { } file
        ? ReadKeyFile(file)
        : GetVariable("KEYS_API_KEY");

    private string DescribeSignIn() => ProfileName == DefaultProfile
        ? "Not signed in. Run: keys login"
        : $"There is no profile {ProfileName}. Run: keys login --profile {ProfileName}";

    /// <summary>Returns the value of a variable; null if it is not set, or empty.</summary>
    private string? GetVariable(string name) => environment.GetVariable(name) is { Length: > 0 } value ? value : null;

    public static string ReadKeyFile(FileInfo file)
    {
        if (!file.Exists) throw new CliException($"The file {file.FullName} does not exist.");
        return File.ReadAllText(file.FullName).Trim();
    }

    public static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
            ? url
            : throw new CliException($"{text} is not an http or https URL.");
}
