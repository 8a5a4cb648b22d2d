using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Adds the deliveries of events that are sent again on request, a page of events at a time. The position after a page
/// is stored with its deliveries, so another silo continues there.
/// </summary>
internal sealed partial class RedeliveryRunner(
    IRedeliveries redeliveries,
    IEventStore events,
    WebhookReader reader,
    WebhookQueues queues,
    DeliveryFactory factory,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<RedeliveryRunner> logger)
{
    private const int PageSize = 200;

    /// <summary>New events wait until so many requests have continued by a page each.</summary>
    private const int MaxRequests = 8;

    private readonly LogThrottle _failedLog = new(time);

    /// <summary>Continues some requests by a page each.</summary>
    /// <returns>Whether a call can continue more of them now.</returns>
    public async Task<bool> ContinueAsync(CancellationToken cancellationToken)
    {
        var hasMore = false;
        foreach (var redelivery in await redeliveries.ListAsync(MaxRequests, cancellationToken))
        {
            try
            {
                await ContinueAsync(redelivery, cancellationToken);
                hasMore = true;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // It stops neither the others nor the delivery of new events.
                if (_failedLog.TryEnter(out var suppressed))
                    LogFailed(logger, exception, redelivery.WebhookId, suppressed);
            }
        }

        return hasMore;
    }

    private async Task ContinueAsync(Redelivery redelivery, CancellationToken cancellationToken)
    {
        var (project, webhook) = (redelivery.ProjectId, redelivery.WebhookId);
        if (await reader.FindAsync(project, webhook) is not { } state)
        {
            await redeliveries.ContinueAsync(redelivery, next: null, [], cancellationToken);
            return;
        }

        var page = await events.ReadAsync(
            project.ToString(),
            new EventFilter { From = redelivery.Since },
            redelivery.Position,
            PageSize,
            cancellationToken);
        var now = time.GetUtcNow();

        // As if the webhook had been enabled all the time.
        var deliveries = page.Events
            .Select(recorded => factory.Create(recorded, state, now))
            .OfType<NewDelivery>()
            .ToList();
        var next = page.HasMore ? page.Next : null;
        if (await redeliveries.ContinueAsync(redelivery, next, deliveries, cancellationToken) && deliveries.Count > 0)
            queues.Wake(project, webhook, cancellationToken);
    }
}
