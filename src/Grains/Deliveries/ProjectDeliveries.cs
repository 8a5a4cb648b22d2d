using System.Text.Json;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Makes the deliveries of the events of a project. It also does what follows from events of its webhooks: paused
/// deliveries are resumed, and those of a deleted webhook are deleted.
/// </summary>
internal sealed class ProjectDeliveries(
    IEventStore store,
    IPendingDeliveries queue,
    IDeliveryLog log,
    WebhookReader reader,
    DeliveryFactory factory,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    private const string WebhookEventPrefix = "webhook.";
    private const string DeletionEventType = WebhookEventPrefix + "deleted";

    /// <summary>The events of one millisecond among which that of a change of a webhook is looked for.</summary>
    private const int MaxChanges = 200;

    /// <summary>The deliveries of a deleted webhook that are deleted at a time.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>Returns the deliveries of events. A call that failed can be repeated.</summary>
    /// <exception cref="UnreadableProjectException">The state of the project cannot be read.</exception>
    /// <exception cref="System.Data.Common.DbException">The database failed, which concerns every project.</exception>
    /// <param name="project">The id of the project.</param>
    /// <param name="events">Events of the project.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<NewDelivery>> CreateAsync(
        string project, IReadOnlyList<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var webhooks = await ReadWebhooksAsync(project, cancellationToken);
        if (events.Any(recorded => recorded.Type.StartsWith(WebhookEventPrefix, StringComparison.Ordinal)))
            await ResumeAsync(ProjectId.Parse(project), webhooks, cancellationToken);
        foreach (var recorded in events.Where(recorded => recorded.Type == DeletionEventType))
            await DeleteLogAsync(recorded, cancellationToken);
        List<WebhookPeriods> periods = [];
        foreach (var webhook in webhooks)
            periods.Add(new(webhook, await FindPositionsAsync(project, webhook, events, cancellationToken)));
        var now = time.GetUtcNow();
        var deliveries =
            from recorded in events
            from period in periods
            where period.WasEnabled(recorded)
            select factory.Create(recorded, period.Webhook, now) into delivery
            where delivery is not null
            select delivery;
        return [.. deliveries];
    }

    private async Task<IReadOnlyList<WebhookState>> ReadWebhooksAsync(
        string project, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(project);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnreadableProjectException(project, exception);
        }
    }

    /// <summary>
    /// Returns the positions of the events of the webhook's changes that are so close to one of the events that their
    /// times cannot be compared.
    /// </summary>
    private async Task<IReadOnlyDictionary<DateTimeOffset, long>> FindPositionsAsync(
        string project,
        WebhookState webhook,
        IReadOnlyList<RecordedEvent> events,
        CancellationToken cancellationToken)
    {
        Dictionary<DateTimeOffset, long> positions = [];
        foreach (var change in WebhookPeriods.GetChanges(webhook))
        {
            var isClose = events.Any(recorded =>
                (WebhookPeriods.FindTime(recorded) - change)?.Duration() <= WebhookPeriods.MaxClockDifference);
            if (!isClose) continue;
            var filter = new EventFilter { From = change, To = change + TimeSpan.FromMilliseconds(1) };
            var page = await store.ReadAsync(project, filter, after: null, MaxChanges, cancellationToken);
            var recorded = page.Events.FirstOrDefault(recorded =>
                recorded.VirtualKeyId is null
                && recorded.Type.StartsWith(WebhookEventPrefix, StringComparison.Ordinal)
                && recorded.Changes?.Contains(webhook.Id, StringComparison.Ordinal) == true);
            if (recorded is not null) positions[change] = recorded.Position;
        }

        return positions;
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
