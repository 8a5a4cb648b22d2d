namespace KeysCluster.Api.Webhooks;

/// <summary>A webhook and its new signing secret, which only this response and its replays show.</summary>
internal sealed record WebhookWithSecretResponse(WebhookResource Webhook, string Secret);
