using KeysCluster.Grains.Storage;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Deliveries;

[StatelessWorker, GrainType("webhook-delivery")]
internal sealed class WebhookDeliveryGrain(
    IDeliveryLog log,
    IRedeliveries redeliveries,
    WebhookReader reader,
    WebhookSender sender,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<WebhookDeliveryGrain> logger) : Grain, IWebhookDeliveryGrain
{
    private ProjectId Project => ProjectId.Parse(this.GetPrimaryKeyString());

    public Task<WebhookDeliveryPage> List(
        WebhookId webhook, WebhookDeliveryStatus? status, WebhookDeliveryId? after, int limit)
    {
        ListLimits.Check(limit);
        return ExecuteAsync(() => log.ListAsync(Project, webhook, status, after, limit, CancellationToken.None));
    }

    public Task<WebhookDelivery?> Get(WebhookId webhook, WebhookDeliveryId delivery) =>
        ExecuteAsync(() => log.FindAsync(Project, webhook, delivery, CancellationToken.None));

    public Task<WebhookDelivery?> Redeliver(WebhookId webhook, WebhookDeliveryId delivery) => ExecuteAsync(async () =>
    {
        await log.RedeliverAsync(Project, webhook, delivery, time.GetUtcNow(), CancellationToken.None);
        return await log.FindAsync(Project, webhook, delivery, CancellationToken.None);
    });

    public Task<DateTimeOffset?> RedeliverSince(WebhookId webhook, DateTimeOffset since) =>
        ExecuteAsync<DateTimeOffset?>(async () => await reader.FindAsync(Project, webhook) is null
            ? null
            : await redeliveries.AddAsync(Project, webhook, since, CancellationToken.None));

    public Task<WebhookDelivery?> Test(WebhookId webhook) => ExecuteAsync(async () =>
    {
        if (await reader.FindAsync(Project, webhook) is not { } state) return null;
        var now = time.GetUtcNow();
        var delivery = new NewDelivery(
            WebhookDeliveryId.New(now),
            Project,
            webhook,
            OwnerId: webhook.ToString(),
            Position: null,
            WebhookEventTypes.Test,
            WebhookPayload.CreateTest(Project, webhook, now),
            now);
        var attempt = await sender.SendAsync(
            reader.CreateTarget(state),
            new WebhookMessage(delivery.Id.ToString(), delivery.Payload),
            CancellationToken.None);
        await log.AddTestAsync(delivery, attempt, CancellationToken.None);
        return await log.FindAsync(Project, webhook, delivery.Id, CancellationToken.None);
    });

    private Task<T> ExecuteAsync<T>(Func<Task<T>> executeAsync) =>
        StorageGuard.ExecuteAsync(logger, "deliveries of webhooks", executeAsync);
}
