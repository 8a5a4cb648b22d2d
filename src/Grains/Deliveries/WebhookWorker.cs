using System.Text.Json;
using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Follows the event log and adds the deliveries of webhooks, in the silo that leads. Every silo tries to lead. The
/// deliveries of a page of events and the position after it are stored in one transaction, so that none is lost or
/// added twice, whichever silo continues. Source: docs/adr/0027-webhooks.md.
/// </summary>
internal sealed partial class WebhookWorker(
    IEventStore events,
    IPendingDeliveries queue,
    IDeliveryLog log,
    WebhookReader reader,
    WebhookQueues queues,
    ExpiryScanner expiries,
    WebhookMetrics metrics,
    IOptions<WebhookOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<WebhookWorker> logger) : BackgroundService
{
    /// <summary>The time between two reads of the event log: half of it is the mean delay of a delivery.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    /// <summary>After a crash, another silo leads after this time.</summary>
    public static readonly TimeSpan LeadershipDuration = TimeSpan.FromSeconds(10);

    private const int PageSize = 200;

    private const string WebhookEventPrefix = "webhook.";
    private const string DeletionEventType = WebhookEventPrefix + "deleted";

    /// <summary>The deliveries that are deleted at a time because of their age.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>
    /// Leadership is extended this often. The sum with <see cref="ExtensionTimeout"/> is less than
    /// <see cref="LeadershipDuration"/>, so that a silo that cannot extend it stops before another one leads.
    /// </summary>
    private static readonly TimeSpan ExtensionPeriod = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ExtensionTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often queues are started that are not running, such as for deliveries that are sent again.
    /// </summary>
    private static readonly TimeSpan QueuePeriod = TimeSpan.FromSeconds(2);

    /// <summary>How often the pending deliveries are counted, and old ones deleted.</summary>
    private static readonly TimeSpan MaintenancePeriod = TimeSpan.FromSeconds(30);

    /// <summary>How often expiries are announced.</summary>
    private static readonly TimeSpan AnnouncementPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Where the first leader of a database begins. No webhook is older.</summary>
    private static readonly TimeSpan FirstRead = TimeSpan.FromHours(1);

    private readonly string _silo = Guid.NewGuid().ToString("N");
    private readonly LogThrottle _failedLog = new(time);

    /// <summary>
    /// The timestamp at which this silo, which leads, had read every event; null if another one leads.
    /// </summary>
    private long? _caughtUpAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveLag(
            () => queues.DueSince is { } since ? time.GetUtcNow() - since : TimeSpan.Zero,
            () => _caughtUpAt is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (isLeader, cursor) = await queue.TryLeadAsync(_silo, LeadershipDuration, stoppingToken);
                if (isLeader) await LeadAsync(cursor, stoppingToken);
                else _caughtUpAt = null;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (_failedLog.TryEnter(out var suppressed)) LogFailed(logger, exception, suppressed);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ReleaseAsync();
    }

    /// <summary>Works until the silo stops, another one leads, or storage fails.</summary>
    private async Task LeadAsync(WebhookCursor? stored, CancellationToken stoppingToken)
    {
        LogLeading(logger);
        _caughtUpAt ??= time.GetTimestamp();
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var cursor = stored ?? new WebhookCursor(time.GetUtcNow() - FirstRead, Position: null);
        var extendedAt = time.GetTimestamp();
        long? startedAt = null;
        long? maintainedAt = null;
        long? announcedAt = null;
        try
        {
            while (true)
            {
                if (time.GetElapsedTime(extendedAt) >= ExtensionPeriod)
                {
                    var askedAt = time.GetTimestamp();
                    var extension = queue.TryLeadAsync(_silo, LeadershipDuration, stoppingToken);
                    if (!(await extension.WaitAsync(ExtensionTimeout, time, stoppingToken)).IsLeader) return;
                    extendedAt = askedAt;
                }

                if (await FollowAsync(cursor, leading.Token) is not { } next) return;
                cursor = next;
                if (IsDue(ref startedAt, QueuePeriod)) await StartQueuesAsync(leading.Token);
                if (IsDue(ref announcedAt, AnnouncementPeriod))
                {
                    var until = await expiries.ScanAsync(cursor.AnnouncedUntil, leading.Token);
                    cursor = cursor with { AnnouncedUntil = until };
                    if (!await queue.AddAsync(_silo, cursor, [], leading.Token)) return;
                }

                if (IsDue(ref maintainedAt, MaintenancePeriod)) await MaintainAsync(stoppingToken);
                await Task.Delay(Period, time, stoppingToken);
            }
        }
        finally
        {
            await leading.CancelAsync();
            await queues.WaitAsync();
            metrics.SetPending(0);
        }
    }

    /// <summary>Adds the deliveries of new events; returns null when another silo leads.</summary>
    private async Task<WebhookCursor?> FollowAsync(WebhookCursor cursor, CancellationToken cancellationToken)
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
                if (!await queue.AddAsync(_silo, cursor, deliveries, cancellationToken)) return null;
                foreach (var added in deliveries.DistinctBy(delivery => delivery.WebhookId))
                    queues.Wake(added.ProjectId, added.WebhookId, cancellationToken);
            }

            if (page.HasMore) continue;
            _caughtUpAt = time.GetTimestamp();
            return cursor;
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
                select DeliveryFactory.Create(recorded, webhook, now) into delivery
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

    private async Task StartQueuesAsync(CancellationToken cancellationToken)
    {
        foreach (var (project, webhook) in await queue.ListPendingAsync(cancellationToken))
            queues.Start(project, webhook, cancellationToken);
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        metrics.SetPending(await queue.CountAsync(cancellationToken));
        var before = time.GetUtcNow() - options.Value.KeepDeliveriesFor;
        while (await log.DeleteAsync(before, DeletedBatchSize, cancellationToken) == DeletedBatchSize)
        {
            // Until a batch is not full.
        }
    }

    private bool IsDue(ref long? doneAt, TimeSpan period)
    {
        if (doneAt is { } at && time.GetElapsedTime(at) < period) return false;
        doneAt = time.GetTimestamp();
        return true;
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await queue.ReleaseAsync(_silo, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Leadership ends by itself.
            LogReleaseFailed(logger, exception);
        }
    }
}
