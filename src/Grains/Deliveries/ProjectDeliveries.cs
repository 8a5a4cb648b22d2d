using System.Text.Json;
using KeysCluster.Events;
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
    IPendingDeliveries queue,
    IDeliveryLog log,
    WebhookReader reader,
    DeliveryFactory factory,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    private const string WebhookEventPrefix = "webhook.";
    private const string DeletionEventType = WebhookEventPrefix + "deleted";

    /// <summary>The deliveries of a deleted webhook that are deleted at a time.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>Returns the deliveries of events. A call that failed can be repeated.</summary>
    /// <param name="project">The id of the project.</param>
    /// <param name="events">Events of the project.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<NewDelivery>> CreateAsync(
        string project, IReadOnlyList<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var webhooks = await reader.ReadAsync(project);
        if (events.Any(recorded => recorded.Type.StartsWith(WebhookEventPrefix, StringComparison.Ordinal)))
            await ResumeAsync(ProjectId.Parse(project), webhooks, cancellationToken);
        foreach (var recorded in events.Where(recorded => recorded.Type == DeletionEventType))
            await DeleteLogAsync(recorded, cancellationToken);
        var now = time.GetUtcNow();
        var deliveries =
            from recorded in events
            from webhook in webhooks
            select factory.Create(recorded, webhook, now) into delivery
            where delivery is not null
            select delivery;
        return [.. deliveries];
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
