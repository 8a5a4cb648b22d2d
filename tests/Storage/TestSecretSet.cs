using System.Text.Json.Serialization;

namespace KeysCluster.Storage.Tests;

internal sealed record TestSecretSet(
    [property: JsonPropertyName("current")] TestStoredSecret? Current,
    [property: JsonPropertyName("replaced")] TestStoredSecret[]? Replaced = null);
