using System.CommandLine;

namespace KeysCluster.Cli.Invocation;

/// <summary>The options of every command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Profile { get; } = new("--profile", "-p")
    {
        Description = "The profile to use; KEYS_PROFILE, or 'default'.",
        Recursive = true,
        HelpName = "name",
    };

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = "The address of the service; KEYS_URL, or that of the profile.",
        Recursive = true,
        HelpName = "url",
    };

    public static Option<FileInfo?> ApiKeyFile { get; } = new("--api-key-file")
    {
        Description = "A file with an API key or admin key; KEYS_API_KEY has the key itself, or the profile.",
        Recursive = true,
        HelpName = "file",
    };

    public static Option<bool> AllowPlaintext { get; } = new("--allow-plaintext")
    {
        Description = "Send the key over plain HTTP to another machine.",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON, for programs.",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Print ids only, or the secret that was asked for.",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Profile, Url, ApiKeyFile, AllowPlaintext, Json, Quiet];
}
