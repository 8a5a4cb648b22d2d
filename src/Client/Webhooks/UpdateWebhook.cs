using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The members of a webhook to change. Those that are not set stay as they are.</summary>
public sealed record UpdateWebhook
{
    /// <summary>The address of the endpoint.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Url { get; init; }

    /// <summary>Null clears it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    /// <summary>Replaces the list; null for all types.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> EventTypes { get; init; }

    /// <summary>Enables or disables the webhook.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<WebhookStatus> Status { get; init; }
}
