using System.Data.Common;
using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Reads the new events and adds their deliveries. The deliveries of a page of events and the position after it are
/// stored in one transaction, so that none is lost or added twice, whichever silo continues. The events of a project
/// whose state cannot be read are deferred in the same transaction.
/// </summary>
internal sealed partial class EventFollower(
    IEventStore events,
    IPendingDeliveries queue,
    ProjectDeliveries projects,
    WebhookQueues queues,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<EventFollower> logger)
{
    private const int PageSize = 200;

    private readonly LogThrottle _deferredLog = new(time);

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
                (var deliveries, cursor) = await CreateDeliveriesAsync(page.Events, cursor, cancellationToken);
                if (!await queue.AddAsync(silo, cursor, deliveries, cancellationToken)) return null;
                foreach (var added in deliveries.DistinctBy(delivery => delivery.WebhookId))
                    queues.Wake(added.ProjectId, added.WebhookId, cancellationToken);
            }

            if (!page.HasMore) return cursor;
        }
    }

    private async Task<(IReadOnlyList<NewDelivery> Deliveries, WebhookCursor Cursor)> CreateDeliveriesAsync(
        IReadOnlyList<RecordedEvent> page, WebhookCursor cursor, CancellationToken cancellationToken)
    {
        List<NewDelivery> deliveries = [];
        foreach (var project in page.GroupBy(recorded => recorded.ProjectId))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<RecordedEvent> added = [.. project];

            // While earlier events are deferred, the later ones are too, so that each key has its order.
            if (cursor.Deferred?.ContainsKey(project.Key) != true)
            {
                try
                {
                    deliveries.AddRange(await projects.CreateAsync(project.Key, added, cancellationToken));
                    continue;
                }
                catch (Exception exception) when (
                    exception is not DbException && !cancellationToken.IsCancellationRequested)
                {
                    if (_deferredLog.TryEnter(out var suppressed))
                        LogDeferred(logger, exception, project.Key, suppressed);
                }
            }

            cursor = Defer(cursor, project.Key, added);
        }

        return (deliveries, cursor);
    }

    private WebhookCursor Defer(WebhookCursor cursor, string project, List<RecordedEvent> added)
    {
        var from = added.Min(recorded => DateTimeOffset.TryParse(recorded.At, CultureInfo.InvariantCulture, out var at)
            ? at
            : time.GetUtcNow());
        var deferred = cursor.Deferred?.GetValueOrDefault(project);

        // An earlier event, such as one of a silo whose clock is behind, could be before the position.
        if (deferred is not null && deferred.From <= from) return cursor;
        var all = cursor.Deferred?.ToDictionary() ?? [];
        all[project] = new(from, Position: null);
        return cursor with { Deferred = all };
    }
}
