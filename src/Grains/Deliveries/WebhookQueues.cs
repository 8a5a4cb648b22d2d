using System.Collections.Concurrent;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// The queues of the webhooks that have pending deliveries. Each runs on its own, so that a slow endpoint delays no
/// other.
/// </summary>
internal sealed partial class WebhookQueues(
    IPendingDeliveries deliveries,
    IDeliveryLog log,
    WebhookReader reader,
    WebhookSender sender,
    IGrainFactory grains,
    WebhookMetrics metrics,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<WebhookQueue> logger)
{
    private readonly ConcurrentDictionary<WebhookId, (WebhookQueue Queue, Task Ended)> _running = new();
    private readonly LogThrottle _failedLog = new(time);

    /// <summary>Starts the queue of a webhook unless it runs.</summary>
    /// <param name="project">The project of the webhook.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="stopping">Stops the queue.</param>
    public void Start(ProjectId project, WebhookId webhook, CancellationToken stopping)
    {
        if (_running.ContainsKey(webhook)) return;
        var queue = new WebhookQueue(project, webhook, deliveries, log, reader, sender, grains, metrics, time, logger);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(webhook, (queue, ended.Task))) _ = RunAsync(webhook, queue, ended, stopping);
    }

    /// <summary>Starts the queue of a webhook, or has it continue, because a delivery was added.</summary>
    /// <param name="project">The project of the webhook.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="stopping">Stops the queue.</param>
    public void Wake(ProjectId project, WebhookId webhook, CancellationToken stopping)
    {
        if (_running.TryGetValue(webhook, out var running)) running.Queue.Wake();
        else Start(project, webhook, stopping);
    }

    /// <summary>Since when the delivery that has waited longest is due; null when none waits.</summary>
    public DateTimeOffset? DueSince => _running.Values.Min(running => running.Queue.DueSince);

    /// <summary>Waits until no queue runs any more.</summary>
    public Task WaitAsync() => Task.WhenAll(_running.Values.Select(running => running.Ended));

    private async Task RunAsync(
        WebhookId webhook, WebhookQueue queue, TaskCompletionSource ended, CancellationToken stopping)
    {
        // The queue does not run on the thread of the caller.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await queue.RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The silo stops, or another one leads.
        }
        catch (Exception exception)
        {
            // The worker starts the queue again.
            if (_failedLog.TryEnter(out var suppressed)) LogQueueFailed(logger, exception, webhook, suppressed);
        }
        finally
        {
            _running.TryRemove(webhook, out _);
            ended.SetResult();
        }
    }
}
