namespace KeysCluster.Api.Webhooks;

/// <summary>Whether a webhook delivers events.</summary>
internal enum WebhookStatus
{
    /// <summary>Events are delivered.</summary>
    Enabled,

    /// <summary>Nothing is delivered. What was pending is sent when the webhook is enabled again.</summary>
    Disabled,
}
