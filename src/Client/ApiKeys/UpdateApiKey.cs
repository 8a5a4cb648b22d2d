using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The members of an API key to change. Those that are not set stay as they are.</summary>
public sealed record UpdateApiKey
{
    /// <summary>1 to 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>Replaces the list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>> Permissions { get; init; }

    /// <summary>Null: it does not expire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}
