using KeysCluster.Grains.Webhooks;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Has the silo that leads deliver webhooks: it follows the events, sends what is pending, announces expiries, and
/// deletes old deliveries. Every silo tries to lead. Source: docs/adr/0027-webhooks.md.
/// </summary>
internal sealed partial class WebhookWorker(
    WebhookLeadership leadership,
    IPendingDeliveries queue,
    IDeliveryLog log,
    EventFollower follower,
    DeferredEventFollower deferred,
    RedeliveryRunner redeliveries,
    WebhookQueues queues,
    ExpiryScanner expiries,
    WebhookMetrics metrics,
    IOptions<WebhookOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<WebhookWorker> logger) : BackgroundService
{
    /// <summary>The time between two reads of the event log: half of it is the mean delay of a delivery.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    private const long NotLeading = long.MinValue;

    /// <summary>The deliveries that are deleted at a time because of their age.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>
    /// How often requests to send events again are read, and queues are started that are not running, such as for a
    /// delivery that is sent again.
    /// </summary>
    private static readonly TimeSpan QueuePeriod = TimeSpan.FromSeconds(2);

    /// <summary>How often the pending deliveries are counted, and old ones deleted.</summary>
    private static readonly TimeSpan MaintenancePeriod = TimeSpan.FromSeconds(30);

    /// <summary>How often expiries are announced.</summary>
    private static readonly TimeSpan AnnouncementPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Where the first leader of a database begins. No webhook is older.</summary>
    private static readonly TimeSpan FirstRead = TimeSpan.FromHours(1);

    private readonly LogThrottle _failedLog = new(time);
    private readonly LogThrottle _backgroundLog = new(time);

    /// <summary>
    /// The timestamp at which this silo, which leads, had read every event; <see cref="NotLeading"/> if another one
    /// leads. Another thread reads it.
    /// </summary>
    private long _caughtUpAt = NotLeading;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveLag(
            () => queues.DueSince is { } since ? time.GetUtcNow() - since : TimeSpan.Zero,
            () => Interlocked.Read(ref _caughtUpAt) is var at and not NotLeading
                ? time.GetElapsedTime(at)
                : TimeSpan.Zero);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (isLeader, cursor) = await leadership.TryAcquireAsync(stoppingToken);
                if (isLeader) await LeadAsync(cursor, stoppingToken);
                else Interlocked.Exchange(ref _caughtUpAt, NotLeading);
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

        await leadership.ReleaseAsync();
    }

    /// <summary>
    /// Works until the silo stops or does not lead any more. Nothing else ends the deliveries that are being sent.
    /// </summary>
    private async Task LeadAsync(WebhookCursor? stored, CancellationToken stoppingToken)
    {
        LogLeading(logger);
        Interlocked.CompareExchange(ref _caughtUpAt, time.GetTimestamp(), NotLeading);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var keeping = leadership.KeepAsync(leading);
        try
        {
            await WorkAsync(stored ?? new WebhookCursor(time.GetUtcNow() - FirstRead, Position: null), leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
            // The silo stops, or does not lead any more.
        }
        finally
        {
            await leading.CancelAsync();
            await keeping;
            await queues.WaitAsync();
            metrics.SetPending(0);
            metrics.SetDeferred(0);
        }
    }

    private async Task WorkAsync(WebhookCursor cursor, CancellationToken cancellationToken)
    {
        var isLeader = true;
        var isRedelivering = false;
        long? redeliveredAt = null;
        long? startedAt = null;
        long? maintainedAt = null;
        long? announcedAt = null;
        while (isLeader)
        {
            var isBehind = false;
            try
            {
                if (await follower.FollowAsync(leadership.Silo, cursor, cancellationToken) is not { } followed) return;
                cursor = followed;
                Interlocked.Exchange(ref _caughtUpAt, time.GetTimestamp());
                if (await deferred.ContinueAsync(leadership.Silo, cursor, cancellationToken) is not { } continued)
                    return;
                isBehind = !ReferenceEquals(continued, cursor);
                cursor = continued;
                metrics.SetDeferred(cursor.Deferred?.Count ?? 0);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (_failedLog.TryEnter(out var suppressed)) LogFailed(logger, exception, suppressed);
            }

            if (isRedelivering || IsDue(ref redeliveredAt, QueuePeriod))
            {
                isRedelivering = false;
                await TryAsync(
                    async () => isRedelivering = await redeliveries.ContinueAsync(cancellationToken),
                    cancellationToken);
            }

            if (IsDue(ref startedAt, QueuePeriod))
                await TryAsync(() => StartQueuesAsync(cancellationToken), cancellationToken);
            if (IsDue(ref announcedAt, AnnouncementPeriod))
            {
                await TryAsync(
                    async () =>
                    {
                        cursor = await expiries.ScanAsync(cursor, cancellationToken);
                        isLeader = await queue.AddAsync(leadership.Silo, cursor, [], cancellationToken);
                    },
                    cancellationToken);
            }

            if (IsDue(ref maintainedAt, MaintenancePeriod))
                await TryAsync(() => MaintainAsync(cancellationToken), cancellationToken);
            if (!isRedelivering && !isBehind) await Task.Delay(Period, time, cancellationToken);
        }
    }

    /// <summary>Does what is repeated later if it fails, and must not end anything else.</summary>
    private async Task TryAsync(Func<Task> workAsync, CancellationToken cancellationToken)
    {
        try
        {
            await workAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_backgroundLog.TryEnter(out var suppressed)) LogBackgroundFailed(logger, exception, suppressed);
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
}
