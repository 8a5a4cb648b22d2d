using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>One webhook.</summary>
internal sealed record WebhookResponse(WebhookResource Webhook)
{
    public static WebhookResponse From(Webhook webhook) => new(WebhookResource.From(webhook));
}
