using System.Text.Json.Serialization;

namespace KeysCluster.Storage.Tests;

internal sealed record TestStoredSecret(
    [property: JsonPropertyName("display_prefix")] string DisplayPrefix,
    [property: JsonPropertyName("hash")] string Hash,
    [property: JsonPropertyName("last_used_at")] DateTimeOffset? LastUsedAt = null,
    [property: JsonPropertyName("valid_until")] DateTimeOffset? ValidUntil = null);
