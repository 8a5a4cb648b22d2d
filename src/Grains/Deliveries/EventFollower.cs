using System.Text.Json;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Reads the new events and adds their deliveries. The deliveries of a page of events and the position after it are
/// stored in one transaction, so that none is lost or added twice, whichever silo continues.
/// </summary>
internal sealed class EventFollower(
    IEventStore events,
    IPendingDeliveries queue,
    IDeliveryLog log,
    WebhookReader reader,
    WebhookQueues queues,
    DeliveryFactory factory,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    private const int PageSize = 200;

    private const string WebhookEventPrefix = "webhook.";
    private const string DeletionEventType = WebhookEventPrefix + "deleted";

    /// <summary>The deliveries of a deleted webhook that are deleted at a time.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>Adds the deliveries of every event after a cursor.</summary>
    /// <param name="silo">The silo, which leads.</param>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellationToken">Cancels the call, and the queues of webhooks that it starts.</param>
    /// <returns>The cursor after the events; null when another silo leads.</returns>
    public async Task<WebhookCursor?> FollowAsync(
        string silo, WebhookCursor cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The first round begins at a time. The later ones contain only what is new.
            var filter = cursor.Position?.Since is null ? new EventFilter { From = cursor.From } : new EventFilter();
            var page = await events.ReadAsync(project: null, filter, cursor.Position, PageSize, cancellationToken);
            cursor = cursor with { Position = page.Next };
            if (page.Events.Count > 0)
            {
                var deliveries = await CreateDeliveriesAsync(page.Events, cancellationToken);
                if (!await queue.AddAsync(silo, cursor, deliveries, cancellationToken)) return null;
                foreach (var added in deliveries.DistinctBy(delivery => delivery.WebhookId))
                    queues.Wake(added.ProjectId, added.WebhookId, cancellationToken);
            }

            if (!page.HasMore) return cursor;
        }
    }

    private async Task<IReadOnlyList<NewDelivery>> CreateDeliveriesAsync(
        IReadOnlyList<RecordedEvent> page, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<NewDelivery> deliveries = [];
        foreach (var project in page.GroupBy(recorded => recorded.ProjectId))
        {
            var webhooks = await reader.ReadAsync(project.Key);
            if (project.Any(recorded => recorded.Type.StartsWith(WebhookEventPrefix, StringComparison.Ordinal)))
                await ResumeAsync(ProjectId.Parse(project.Key), webhooks, cancellationToken);
            foreach (var recorded in project.Where(recorded => recorded.Type == DeletionEventType))
                await DeleteLogAsync(recorded, cancellationToken);
            deliveries.AddRange(
                from recorded in project
                from webhook in webhooks
                select factory.Create(recorded, webhook, now) into delivery
                where delivery is not null
                select delivery);
        }

        return deliveries;
    }

    /// <summary>Has what was paused sent to webhooks that are enabled, of which some may be so again.</summary>
    private async Task ResumeAsync(
        ProjectId project, IReadOnlyList<WebhookState> webhooks, CancellationToken cancellationToken)
    {
        foreach (var webhook in webhooks.Where(webhook => webhook.DisabledAt is null))
        {
            var id = WebhookId.Parse(webhook.Id);
            await queue.ResumeAsync(project, id, time.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Deletes the deliveries of a webhook that was deleted.</summary>
    private async Task DeleteLogAsync(RecordedEvent deletion, CancellationToken cancellationToken)
    {
        if (deletion.Changes is null) return;
        using var changes = JsonDocument.Parse(deletion.Changes);
        foreach (var change in changes.RootElement.EnumerateObject())
        {
            if (!change.Name.StartsWith(StateDiff.WebhookPrefix, StringComparison.Ordinal)
                || !WebhookId.TryParse(change.Name[StateDiff.WebhookPrefix.Length..], out var webhook))
                continue;
            var project = ProjectId.Parse(deletion.ProjectId);
            while (await log.DeleteAsync(project, webhook, DeletedBatchSize, cancellationToken) == DeletedBatchSize)
            {
                // Until a batch is not full.
            }
        }
    }
}
