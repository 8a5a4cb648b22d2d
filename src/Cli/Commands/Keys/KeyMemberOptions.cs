using System.CommandLine;
using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary>The members of a virtual key that can be set at its creation and changed later.</summary>
internal sealed class KeyMemberOptions(TimeProvider time)
{
    public Option<string?> Description { get; } = new("--description") { Description = "A description." };

    public Option<DateTimeOffset?> Expires { get; } = CommonOptions.Time("--expires", "When it expires", time);

    public Option<string[]> Permissions { get; } = CommonOptions.Many(
        "--permission", "What it may do, such as chat:write or models:*; may be repeated.", "permission");

    public Option<string[]> AllowedIps { get; } = CommonOptions.Many(
        "--allowed-ip", "An address or CIDR range from which it may be used; may be repeated.", "range");

    public Option<string[]> Providers { get; } = CommonOptions.Many(
        "--provider", "The id of a provider's credential; may be repeated.", "id");

    public Option<string?> ExternalId { get; } = new("--external-id")
    {
        Description = "Its id in another system, unique in the project.",
        HelpName = "id",
    };

    private Option<string[]> Metadata { get; } = CommonOptions.Many(
        "--metadata", "An entry without a meaning for the service; may be repeated.", "key=value");

    private Option<FileInfo?> Config { get; } = new("--config-file")
    {
        Description = "A file with a JSON object for gateways to enforce.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(Description);
        command.Add(Expires);
        command.Add(Permissions);
        command.Add(AllowedIps);
        command.Add(Providers);
        command.Add(ExternalId);
        command.Add(Metadata);
        command.Add(Config);
    }

    /// <summary>Returns the entries; null when none is given.</summary>
    public Dictionary<string, string>? GetMetadata(CommandRun run)
    {
        if (!run.Has(Metadata)) return null;
        var entries = new Dictionary<string, string>();
        foreach (var text in run.Get(Metadata)!)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2 || !entries.TryAdd(parts[0], parts[1]))
                throw new CliException($"'{text}' is not an entry such as team=payments, or its key is repeated.");
        }

        return entries;
    }

    /// <summary>Returns the object; null when none is given.</summary>
    public JsonElement? GetConfig(CommandRun run)
    {
        if (run.Get(Config) is not { } file) return null;
        try
        {
            return JsonElement.Parse(File.ReadAllText(file.FullName));
        }
        catch (JsonException exception)
        {
            throw new CliException($"The file {file.FullName} is not valid JSON: {exception.Message}");
        }
    }
}
