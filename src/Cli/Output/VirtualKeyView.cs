using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Output;

/// <summary>A virtual key for people.</summary>
internal static class VirtualKeyView
{
    public static void Write(IAnsiConsole console, VirtualKey key, DateTimeOffset now)
    {
        console.WriteMarkupLine($"[bold]{key.Name}[/]  {key.Id}");
        console.Write(Tables.CreateFields(
            ("Status", FormatStatus(key, now)),
            ("Environment", key.Environment.ToString().ToLowerInvariant()),
            ("Description", key.Description?.ToMarkup()),
            ("User", key.PrincipalUserId?.ToMarkup()),
            ("External id", key.ExternalId?.ToMarkup()),
            ("Permissions", string.Join(", ", key.Permissions).ToMarkup()),
            ("Addresses", string.Join(", ", key.AllowedIps).ToMarkup()),
            ("Providers", string.Join(", ", key.ProviderCredentialIds).ToMarkup()),
            ("Metadata", string.Join(", ", key.Metadata.Select(entry => $"{entry.Key}={entry.Value}")).ToMarkup()),
            ("Config", key.Config.GetRawText() is var config && config != "{}" ? config.ToMarkup() : null),
            ("Expires", key.ExpiresAt is null ? null : FormatTime(key.ExpiresAt.Value, now)),
            ("Created", FormatTime(key.CreatedAt, now)),
            ("Last used", RelativeTime.FormatUse(key.LastUsedAt, now)),
            ("Revision", key.Revision)));
        WriteSecrets(console, key, now);
    }

    public static void WriteList(IAnsiConsole console, IReadOnlyList<VirtualKey> keys, DateTimeOffset now)
    {
        if (keys.Count == 0)
        {
            console.MarkupLine("No virtual keys. Create one with: [bold]keys create <name>[/]");
            return;
        }

        if (Tables.IsNarrow(console)) WriteNarrowList(console, keys, now);
        else WriteWideList(console, keys, now);
    }

    private static void WriteNarrowList(IAnsiConsole console, IReadOnlyList<VirtualKey> keys, DateTimeOffset now)
    {
        var table = Tables.CreateTable("Name", "Id", "Status", "Last used");
        foreach (var key in keys)
        {
            var oldSecrets = key.RetiringSecrets.Count == 0 ? "" : $", [yellow]{key.RetiringSecrets.Count} old[/]";
            table.Add(
                key.Name.ToMarkup(),
                key.Id,
                FormatStatus(key, now) + oldSecrets,
                RelativeTime.FormatUse(key.LastUsedAt, now));
        }

        console.Write(table);
    }

    private static void WriteWideList(IAnsiConsole console, IReadOnlyList<VirtualKey> keys, DateTimeOffset now)
    {
        var table = Tables.CreateTable("Name", "Id", "Status", "Env", "Old secrets", "Last used", "Expires");
        foreach (var key in keys)
        {
            table.Add(
                key.Name.ToMarkup(),
                key.Id,
                FormatStatus(key, now),
                key.Environment.ToString().ToLowerInvariant(),
                key.RetiringSecrets.Count == 0 ? "" : $"[yellow]{key.RetiringSecrets.Count}[/]",
                RelativeTime.FormatUse(key.LastUsedAt, now),
                RelativeTime.Format(key.ExpiresAt, now));
        }

        console.Write(table);
    }

    /// <summary>The secrets of a key, the current one first.</summary>
    private static void WriteSecrets(IAnsiConsole console, VirtualKey key, DateTimeOffset now)
    {
        if (key.Status == VirtualKeyStatus.Revoked) return;
        var table = Tables.CreateTable("Secret", "Works", "Last used");
        table.Add(
            FormatSecret(key.SecretId, key.DisplayPrefix),
            "[green]current[/]",
            RelativeTime.FormatUse(key.SecretLastUsedAt, now));
        foreach (var secret in key.RetiringSecrets)
        {
            var isUnused = secret.IsUnused(replacedAt: key.UpdatedAt, now);
            var from = secret.LastUsedFrom is { } address ? $" from {address.ToMarkup()}" : "";
            table.Add(
                FormatSecret(secret.Id, secret.DisplayPrefix),
                $"[yellow]{RelativeTime.FormatDuration(secret.ValidUntil - now)} more[/]",
                RelativeTime.FormatUse(secret.LastUsedAt, now) + from + (isUnused ? "\n[green]safe to expire[/]" : ""));
        }

        console.Write(table);
    }

    /// <summary>The id of a secret, and below it, how the secret begins.</summary>
    public static string FormatSecret(string id, string prefix) => $"{id}\n[grey]{prefix.ToMarkup()}…[/]";

    private static string FormatStatus(VirtualKey key, DateTimeOffset now) => key switch
    {
        { Status: VirtualKeyStatus.Revoked } => "[red]revoked[/]",
        { Status: VirtualKeyStatus.Disabled, DisabledReason: { } reason } =>
            $"[yellow]disabled[/] ({reason.ToMarkup()})",
        { Status: VirtualKeyStatus.Disabled } => "[yellow]disabled[/]",
        { ExpiresAt: { } expiresAt } when expiresAt <= now => "[red]expired[/]",
        _ => "[green]active[/]",
    };

    private static string FormatTime(DateTimeOffset time, DateTimeOffset now) =>
        $"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC ({RelativeTime.Format(time, now)})";
}
