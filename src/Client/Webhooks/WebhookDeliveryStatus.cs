using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>How far the delivery of an event is.</summary>
[JsonConverter(typeof(KnownValueConverter<WebhookDeliveryStatus>))]
public enum WebhookDeliveryStatus
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>It waits for its next attempt.</summary>
    Pending,

    /// <summary>The endpoint has accepted it.</summary>
    Delivered,

    /// <summary>It is not sent again.</summary>
    Failed,

    /// <summary>It is sent when the webhook is enabled again.</summary>
    Paused,
}
