using System.Globalization;
using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Clients;

/// <summary>Reads virtual keys and projects from responses.</summary>
internal static class KeyViewReader
{
    public static KeyView ReadVirtualKey(JsonElement key) => new(
        long.Parse(GetText(key, "revision")!, CultureInfo.InvariantCulture),
        GetText(key, "secret_id")!,
        GetText(key, "revoked_at") is not null,
        GetText(key, "disabled_at") is not null,
        ReadRetiring(key.GetProperty("retiring_secrets")),
        GetTime(key, "expires_at"),
        GetTime(key, "created_at")!.Value,
        key.TryGetProperty("permissions", out var permissions) && permissions.GetArrayLength() > 0);

    public static KeyView ReadProject(JsonElement project) => new(
        Revision: null,
        GetText(project, "api_key_id")!,
        IsRevoked: false,
        GetText(project, "disabled_at") is not null,
        ReadRetiring(project.GetProperty("retiring_api_keys")),
        CreatedAt: GetTime(project, "created_at")!.Value);

    /// <summary>
    /// Returns the id of a secret in the same response, by the part of the secret that may be displayed; null when it
    /// is neither the current one nor retiring. The response to a retry may show a later state than the first one.
    /// </summary>
    public static string? FindSecretId(JsonElement owner, string secret)
    {
        var isProject = owner.TryGetProperty("api_key_id", out _);
        var (id, prefix, retiring) = isProject
            ? ("api_key_id", "api_key_display_prefix", "retiring_api_keys")
            : ("secret_id", "display_prefix", "retiring_secrets");
        if (IsPrefixOf(GetText(owner, prefix)!, secret)) return GetText(owner, id);
        return owner.GetProperty(retiring).EnumerateArray()
            .Where(entry => IsPrefixOf(GetText(entry, "display_prefix")!, secret))
            .Select(entry => GetText(entry, "id"))
            .FirstOrDefault();
    }

    public static string? GetText(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static DateTimeOffset? GetTime(JsonElement json, string name) =>
        GetText(json, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    private static Dictionary<string, DateTimeOffset> ReadRetiring(JsonElement secrets) =>
        secrets.EnumerateArray().ToDictionary(
            secret => GetText(secret, "id")!, secret => GetTime(secret, "valid_until")!.Value);

    private static bool IsPrefixOf(string prefix, string secret) => secret.StartsWith(prefix, StringComparison.Ordinal);
}
