namespace KeysCluster.Webhooks;

/// <summary>The status of a delivery. The numbers are stored and never change.</summary>
[GenerateSerializer, Alias("KeysCluster.WebhookDeliveryStatus")]
public enum WebhookDeliveryStatus
{
    /// <summary>The endpoint has not accepted the delivery yet.</summary>
    Pending = 0,

    /// <summary>The endpoint has accepted the delivery.</summary>
    Delivered = 1,

    /// <summary>
    /// The endpoint has not accepted the delivery for three days while it accepted others, or not accepted a test. It
    /// is not sent again unless it is redelivered.
    /// </summary>
    Failed = 2,

    /// <summary>The webhook is disabled. The delivery is sent when it is enabled.</summary>
    Paused = 3,
}
