using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary>API keys for people.</summary>
internal static class ApiKeyView
{
    /// <summary>Writes an API key as the result of a command.</summary>
    public static void WriteApiKey(this CommandRun run, ApiKey key) =>
        run.Results.Write(key, key.Id, console => Write(console, key, run.Now));

    public static void Write(IAnsiConsole console, ApiKey key, DateTimeOffset now)
    {
        console.WriteMarkupLine($"[bold]{key.Name}[/]  {key.Id}");
        console.Write(Tables.CreateFields(
            ("Permissions", string.Join(", ", key.Permissions).ToMarkup()),
            ("Expires", key.ExpiresAt is null ? null : RelativeTime.Format(key.ExpiresAt, now)),
            ("Created", RelativeTime.Format(key.CreatedAt, now)),
            ("Last used", RelativeTime.FormatUse(key.LastUsedAt, now)),
            ("Secret", $"{key.SecretId}, begins with {key.DisplayPrefix}")));
        if (key.RetiringSecrets.Count == 0) return;
        var table = Tables.CreateTable("Replaced secret", "Works", "Last used");
        foreach (var secret in key.RetiringSecrets)
        {
            table.Add(
                VirtualKeyView.FormatSecret(secret.Id, secret.DisplayPrefix),
                $"[yellow]{RelativeTime.FormatDuration(secret.ValidUntil - now)} more[/]",
                RelativeTime.FormatUse(secret.LastUsedAt, now));
        }

        console.Write(table);
    }

    public static void WriteList(IAnsiConsole console, IReadOnlyList<ApiKey> keys, DateTimeOffset now)
    {
        if (keys.Count == 0)
        {
            console.MarkupLine("No API keys. Create one with: [bold]keys api-keys create <name>[/]");
            return;
        }

        var table = Tables.IsNarrow(console)
            ? Tables.CreateTable("Name", "Id", "Permissions")
            : Tables.CreateTable("Name", "Id", "Permissions", "Last used", "Expires");
        foreach (var key in keys)
        {
            string[] cells =
            [
                key.Name.ToMarkup(),
                key.Id,
                FormatPermissions(key),
                RelativeTime.FormatUse(key.LastUsedAt, now),
                RelativeTime.Format(key.ExpiresAt, now),
            ];
            table.Add(cells[..table.Columns.Count]);
        }

        console.Write(table);
    }

    private static string FormatPermissions(ApiKey key) => key.Permissions.Count == ApiKeyPermissions.All.Count
        ? "all"
        : string.Join('\n', key.Permissions).ToMarkup();
}
