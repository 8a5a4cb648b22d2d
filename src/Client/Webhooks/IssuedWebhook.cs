using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>
/// A webhook with its new signing secret. Nothing shows the secret again, but a replay of the same request.
/// </summary>
public sealed record IssuedWebhook
{
    /// <summary>The webhook.</summary>
    public required Webhook Webhook { get; init; }

    /// <summary>The signing secret of Standard Webhooks: <c>whsec_</c> and base64.</summary>
    public required string Secret { get; init; }

    /// <summary>Whether the service has executed the request before and returns its secret again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplay { get; init; }

    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => $"IssuedWebhook {{ {Webhook.Id}, Secret = … }}";
}
