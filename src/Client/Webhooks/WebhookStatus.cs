using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>Whether events are delivered to a webhook.</summary>
[JsonConverter(typeof(KnownValueConverter<WebhookStatus>))]
public enum WebhookStatus
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>Events are delivered.</summary>
    Enabled,

    /// <summary>Events are not delivered.</summary>
    Disabled,
}
