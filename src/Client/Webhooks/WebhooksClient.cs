namespace KeysCluster.Client;

/// <summary>The webhooks of the project of the API key, which needs <c>webhooks:manage</c>.</summary>
public sealed class WebhooksClient
{
    private const string Path = "api/gateway/v1/webhooks";

    private readonly KeysConnection _connection;

    internal WebhooksClient(KeysConnection connection) => _connection = connection;

    /// <summary>Creates a webhook. Its signing secret is in the result, and nowhere else.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same webhook for 24 hours. A new one
    /// for each call by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The webhook may have been created.</param>
    public async Task<IssuedWebhook> CreateAsync(
        CreateWebhook webhook, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var (issued, isReplay) =
            await _connection.IssueAsync<IssuedWebhook>(Path, webhook, idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Lists the webhooks, oldest first, at most 20.</summary>
    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<ListResponse>(Path, cancellationToken)).Data;

    /// <summary>Returns a webhook.</summary>
    public async Task<Webhook> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<Response>(GetPath(id), cancellationToken)).Webhook;

    /// <summary>Changes members of a webhook.</summary>
    public async Task<Webhook> UpdateAsync(
        string id, UpdateWebhook update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return (await _connection.SendAsync<Response>(HttpMethod.Patch, GetPath(id), update, cancellationToken))
            .Webhook;
    }

    /// <summary>Deletes a webhook with the log of its deliveries.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(HttpMethod.Delete, GetPath(id), cancellationToken);

    /// <summary>Creates a new signing secret. Both sign for a grace period.</summary>
    /// <param name="id">The id of the webhook.</param>
    /// <param name="gracePeriod">
    /// How long the replaced secret signs as well, in whole seconds: 0 to 30 days, 24 hours by default.
    /// </param>
    /// <param name="idempotencyKey">
    /// 16 to 255 printable characters; the same call with the same one returns the same secret for 24 hours. A new one
    /// for each call by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the call. The secret may have been replaced.</param>
    public async Task<IssuedWebhook> RotateSecretAsync(
        string id,
        TimeSpan? gracePeriod = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var (issued, isReplay) = await _connection.IssueAsync<IssuedWebhook>(
            GetPath(id) + "/rotate-secret", GracePeriodBody.Create(gracePeriod), idempotencyKey, cancellationToken);
        return issued with { IsReplay = isReplay };
    }

    /// <summary>Sends a <c>webhook.test</c> once, and returns how that went.</summary>
    public async Task<WebhookDelivery> TestAsync(string id, CancellationToken cancellationToken = default) =>
        (await _connection.SendOnceAsync<DeliveryResponse>(GetPath(id) + "/test", null, cancellationToken)).Delivery;

    /// <summary>Lists deliveries with their attempts, latest first.</summary>
    /// <param name="id">The id of the webhook.</param>
    /// <param name="status">Deliveries with this status; null for all.</param>
    /// <param name="cursor">Selects a page; null for the first.</param>
    /// <param name="limit">1 to 200; 50 by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Page<WebhookDelivery>> ListDeliveriesAsync(
        string id,
        WebhookDeliveryStatus? status = null,
        string? cursor = null,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        var query = new QueryString().Add("status", status).Add("cursor", cursor).Add("limit", limit);
        return _connection.GetAsync<Page<WebhookDelivery>>($"{GetPath(id)}/deliveries{query}", cancellationToken);
    }

    /// <summary>Returns a delivery.</summary>
    public async Task<WebhookDelivery> GetDeliveryAsync(
        string id, string deliveryId, CancellationToken cancellationToken = default) =>
        (await _connection.GetAsync<DeliveryResponse>(GetDeliveryPath(id, deliveryId), cancellationToken)).Delivery;

    /// <summary>Sends a delivery again, with the same <c>webhook-id</c>, within 15 seconds.</summary>
    public async Task<WebhookDelivery> RedeliverAsync(
        string id, string deliveryId, CancellationToken cancellationToken = default) =>
        (await _connection.SendOnceAsync<DeliveryResponse>(
            GetDeliveryPath(id, deliveryId) + "/redeliver", null, cancellationToken)).Delivery;

    /// <summary>
    /// Sends every event of the types of a webhook since a time again, in order, whether or not it was delivered
    /// before. The deliveries are added after the call.
    /// </summary>
    /// <param name="id">The id of the webhook.</param>
    /// <param name="since">The time of the first event.</param>
    /// <param name="cancellationToken">Cancels the call. Events may be sent.</param>
    /// <returns>The time of the first event that is sent. A request that is in progress may have set it.</returns>
    public async Task<DateTimeOffset> RedeliverSinceAsync(
        string id, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        (await _connection.SendOnceAsync<SinceBody>(
            GetPath(id) + "/redeliver", new SinceBody(since), cancellationToken)).Since;

    private static string GetPath(string id) => $"{Path}/{IdPath.Escape(id)}";

    private static string GetDeliveryPath(string id, string deliveryId) =>
        $"{GetPath(id)}/deliveries/{IdPath.Escape(deliveryId)}";

    private sealed record Response(Webhook Webhook);

    private sealed record ListResponse(IReadOnlyList<Webhook> Data);

    private sealed record DeliveryResponse(WebhookDelivery Delivery);

    private sealed record SinceBody(DateTimeOffset Since);
}
