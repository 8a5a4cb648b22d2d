namespace KeysCluster.Webhooks;

/// <summary>Why a webhook is disabled.</summary>
[GenerateSerializer, Alias("KeysCluster.WebhookDisabledReason")]
public enum WebhookDisabledReason
{
    /// <summary>A caller has disabled it.</summary>
    Requested = 0,

    /// <summary>Its endpoint has not accepted a delivery for three days.</summary>
    Failing = 1,
}
