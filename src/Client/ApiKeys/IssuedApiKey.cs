using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>An API key with its new secret. Nothing shows the secret again, but a replay of the same request.</summary>
public sealed record IssuedApiKey
{
    /// <summary>The API key.</summary>
    public required ApiKey ApiKey { get; init; }

    /// <summary>The secret.</summary>
    public required string Secret { get; init; }

    /// <summary>Whether the service has executed the request before and returns its secret again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplay { get; init; }

    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => $"IssuedApiKey {{ {ApiKey.Id}, Secret = … }}";
}
