using KeysCluster.Events;
using KeysCluster.Grains.Events;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Adds the deliveries of events that were deferred, as soon as the state of their project can be read. Each page and
/// the position after it are stored in one transaction.
/// </summary>
internal sealed partial class DeferredEventFollower(
    IEventStore events,
    IPendingDeliveries queue,
    ProjectDeliveries projects,
    WebhookQueues queues,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<DeferredEventFollower> logger)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    private const int PageSize = 200;

    /// <summary>New events wait until so many projects have continued by a page each.</summary>
    private const int MaxProjects = 8;

    /// <summary>The projects that could not be read, and when they are tried again.</summary>
    private readonly Dictionary<string, (TimeSpan Delay, DateTimeOffset RetryAt)> _failed = [];

    private readonly LogThrottle _failedLog = new(time);

    /// <summary>Continues some projects by a page of events each. The caller has followed every new event.</summary>
    /// <param name="silo">The silo, which leads.</param>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellationToken">Cancels the call, and the queues of webhooks that it starts.</param>
    /// <returns>
    /// The cursor after the pages, the same if no project continues now; null when another silo leads.
    /// </returns>
    public async Task<WebhookCursor?> ContinueAsync(
        string silo, WebhookCursor cursor, CancellationToken cancellationToken)
    {
        if (cursor.Deferred is not { } deferred) return cursor;
        var now = time.GetUtcNow();
        foreach (var (project, waiting) in deferred
                     .Where(entry => !_failed.TryGetValue(entry.Key, out var failed) || failed.RetryAt <= now)
                     .Take(MaxProjects))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await TryReadAsync(project, waiting, cancellationToken) is not var (deliveries, next)) continue;
            cursor = Replace(cursor, project, next);
            if (!await queue.AddAsync(silo, cursor, deliveries, cancellationToken)) return null;
            foreach (var added in deliveries.DistinctBy(delivery => delivery.WebhookId))
                queues.Wake(added.ProjectId, added.WebhookId, cancellationToken);
        }

        return cursor;
    }

    /// <summary>
    /// Returns the deliveries of the next page of a project, and what is deferred after it; null if it failed.
    /// </summary>
    private async Task<(IReadOnlyList<NewDelivery> Deliveries, DeferredEvents? Next)?> TryReadAsync(
        string project, DeferredEvents deferred, CancellationToken cancellationToken)
    {
        try
        {
            var filter = deferred.Position?.Since is null
                ? new EventFilter { From = deferred.From }
                : new EventFilter();
            var page = await events.ReadAsync(project, filter, deferred.Position, PageSize, cancellationToken);
            var deliveries = await projects.CreateAsync(project, page.Events, cancellationToken);
            _failed.Remove(project);

            // A round that has just begun contains every event that was deferred until now. One that had begun before
            // may end without the latest.
            var isComplete = !page.HasMore && deferred.Position?.Until is null;
            return (deliveries, isComplete ? null : deferred with { Position = page.Next });
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var delay = _failed.TryGetValue(project, out var failed) ? 2 * failed.Delay : FirstDelay;
            if (delay > MaxDelay) delay = MaxDelay;
            _failed[project] = (delay, time.GetUtcNow() + delay);
            if (_failedLog.TryEnter(out var suppressed)) LogFailed(logger, exception, project, suppressed);
            return null;
        }
    }

    private static WebhookCursor Replace(WebhookCursor cursor, string project, DeferredEvents? next)
    {
        var deferred = cursor.Deferred!.Where(entry => entry.Key != project).ToDictionary();
        if (next is not null) deferred.Add(project, next);
        return cursor with { Deferred = deferred.Count == 0 ? null : deferred };
    }
}
