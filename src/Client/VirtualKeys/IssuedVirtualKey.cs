using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>
/// A virtual key with its new secret. Nothing shows the secret again, but a replay of the same request.
/// </summary>
public sealed record IssuedVirtualKey
{
    /// <summary>The virtual key as it is now.</summary>
    public required VirtualKey VirtualKey { get; init; }

    /// <summary>The secret.</summary>
    public required string Secret { get; init; }

    /// <summary>
    /// Whether the service has executed the request before and returns its secret again. Another request may have
    /// replaced it since: compare its beginning with <see cref="VirtualKey.DisplayPrefix"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplay { get; init; }

    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => $"IssuedVirtualKey {{ {VirtualKey.Id}, Secret = … }}";
}
