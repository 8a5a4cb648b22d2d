using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The members of a virtual key to change. Those that are not set stay as they are.</summary>
public sealed record UpdateVirtualKey
{
    /// <summary>1 to 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>Null clears it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    /// <summary>Replaces the list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>> ProviderCredentialIds { get; init; }

    /// <summary>Null: the key does not expire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>Replaces the list. A removed permission is refused everywhere when the call returns.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>> Permissions { get; init; }

    /// <summary>Null clears it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> ExternalId { get; init; }

    /// <summary>Replaces all entries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyDictionary<string, string>> Metadata { get; init; }

    /// <summary>
    /// Replaces the top-level members that it contains, and removes those that are null; null removes all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<JsonElement?> Config { get; init; }

    /// <summary>Replaces the list; empty allows any address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>> AllowedIps { get; init; }
}
