using KeysCluster.Grains.Webhooks;
using KeysCluster.Projects;
using KeysCluster.Webhooks;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Sends the pending deliveries of one webhook until none is left: those of one virtual key or project one after the
/// other, those of different ones at the same time. While the endpoint accepts nothing, it is tried with one delivery
/// at a time, less and less often.
/// </summary>
internal sealed partial class WebhookQueue(
    ProjectId project,
    WebhookId webhook,
    IPendingDeliveries deliveries,
    IDeliveryLog log,
    WebhookReader reader,
    WebhookSender sender,
    IGrainFactory grains,
    WebhookMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>The number of virtual keys whose deliveries are read at a time.</summary>
    private const int BatchSize = 50;

    /// <summary>The number of deliveries that an endpoint receives at the same time.</summary>
    private const int MaxConcurrency = 8;

    /// <summary>The deliveries of a deleted webhook that are deleted at a time.</summary>
    private const int DeletedBatchSize = 500;

    /// <summary>How soon a change of the webhook, or a delivery that is sent again on request, is noticed.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(15);

    private readonly EndpointHealth _health = new();

    private TaskCompletionSource _added = CreateSignal();

    /// <summary>The ticks of <see cref="DueSince"/>; 0 for null. Another thread reads them.</summary>
    private long _dueSinceTicks;

    /// <summary>The virtual key or project at which the deliveries read last end. They take turns.</summary>
    private string _lastOwner = "";

    /// <summary>
    /// Since when the earliest delivery that is being sent was due; null while none is, or while the endpoint fails.
    /// </summary>
    public DateTimeOffset? DueSince
    {
        get => Interlocked.Read(ref _dueSinceTicks) is var ticks and not 0
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;
        private set => Interlocked.Exchange(ref _dueSinceTicks, value?.UtcTicks ?? 0);
    }

    /// <summary>Continues at once when the queue waits, because a delivery was added.</summary>
    public void Wake() => Volatile.Read(ref _added).TrySetResult();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The earliest next attempt of the deliveries that were read since the first virtual key.
        DateTimeOffset? next = null;
        while (true)
        {
            // Before the read, so that it does not miss what is added meanwhile.
            if (_added.Task.IsCompleted) Volatile.Write(ref _added, CreateSignal());
            var pending = await deliveries.ReadAsync(webhook, _lastOwner, BatchSize, cancellationToken);

            // After the deliveries, so that none is signed with a secret that was replaced before its event.
            if (await reader.FindAsync(project, webhook) is not { } state)
            {
                await DeleteAllAsync(cancellationToken);
                return;
            }

            if (state.DisabledAt is not null)
            {
                await deliveries.PauseAsync(webhook, cancellationToken);

                // If it was enabled meanwhile, the worker may have resumed the deliveries before they were paused.
                if (await reader.FindAsync(project, webhook) is not { DisabledAt: null }) return;
                await deliveries.ResumeAsync(project, webhook, time.GetUtcNow(), cancellationToken);
                continue;
            }

            if (reader.IsUnderEarlierPepper(state)) await grains.GetProjectGrain(project).ResealWebhookSecrets();
            var now = time.GetUtcNow();
            var due = now < _health.NextRoundAt
                ? []
                : pending.Where(delivery => delivery.NextAttemptAt <= now).ToList();
            if (due.Count > 0)
            {
                if (_health.IsFailing) due = [due[0]];
                _lastOwner = due[^1].OwnerId;
                next = null;
                DueSince = _health.IsFailing ? null : due.Min(delivery => delivery.NextAttemptAt);
                await SendAsync(state, due, cancellationToken);
                DueSince = null;
                continue;
            }

            next = pending.Select(delivery => delivery.NextAttemptAt).Append(next ?? DateTimeOffset.MaxValue).Min();
            if (pending.Count == BatchSize)
            {
                _lastOwner = pending[^1].OwnerId;
                continue;
            }

            // All of them were read, or those since an owner in the middle: then the others follow.
            if (_lastOwner.Length == 0)
            {
                if (pending.Count == 0 && next == DateTimeOffset.MaxValue) return;
                var until = next > _health.NextRoundAt ? next.Value : _health.NextRoundAt;
                await WaitAsync(until, now, cancellationToken);
            }

            _lastOwner = "";
            next = null;
        }
    }

    private async Task WaitAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var delay = until - now;
        if (delay <= TimeSpan.Zero) return;
        if (delay > MaxDelay) delay = MaxDelay;

        // An endpoint that fails is not tried sooner because there is more to send.
        var waiting = Task.Delay(delay, time, cancellationToken);
        await (_health.IsFailing ? waiting : Task.WhenAny(waiting, _added.Task));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task SendAsync(
        WebhookState state, List<PendingDelivery> due, CancellationToken cancellationToken)
    {
        var target = reader.CreateTarget(state);
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken },
            async (delivery, token) =>
            {
                // Once the endpoint counts as failing, the rest of the round remains due.
                if (due.Count == 1 || !_health.IsFailing) await SendAsync(state, target, delivery, token);
            });
        _health.EndRound(time.GetUtcNow());
    }

    private async Task SendAsync(
        WebhookState state, WebhookTarget target, PendingDelivery delivery, CancellationToken cancellationToken)
    {
        var attempt = await sender.SendAsync(
            target, new WebhookMessage(delivery.Id.ToString(), delivery.Payload), cancellationToken);
        metrics.RecordAttempt(attempt);
        if (attempt.IsAccepted)
        {
            _health.RecordAccepted();
            await deliveries.RecordAsync(delivery, attempt, nextAttemptAt: null, cancellationToken);
            return;
        }

        _health.RecordFailed(delivery.OwnerId);
        var now = time.GetUtcNow();

        // Nothing is wrong with the endpoint when a pepper is missing here.
        var isRefused = attempt.Error != WebhookErrors.SigningSecretUnavailable;
        if (isRefused && await IsGivenUpAsync(state, delivery, now, cancellationToken))
        {
            await deliveries.RecordAsync(delivery, attempt, nextAttemptAt: null, cancellationToken);
            LogGivenUp(logger, webhook, delivery.Id, attempt.Error!, attempt.StatusCode);
            return;
        }

        var nextAttemptAt = now + WebhookBackoff.GetDelay(delivery.AttemptCount + 1);
        await deliveries.RecordAsync(delivery, attempt, nextAttemptAt, cancellationToken);
        LogAttemptFailed(logger, webhook, delivery.Id, attempt.Error!, attempt.StatusCode, nextAttemptAt);
        if (isRefused) await DisableIfFailingAsync(state, now, cancellationToken);
    }

    /// <summary>
    /// Returns whether a delivery has failed until its limit, so that it is not sent again, although the endpoint
    /// accepts others. The next one of its key follows.
    /// </summary>
    private async Task<bool> IsGivenUpAsync(
        WebhookState state, PendingDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (delivery.FailingSince is not { } since || HasFailedTooShort(state, since, now)) return false;
        var accepted = await deliveries.FindLastAcceptedAsync(project, webhook, cancellationToken);
        return now - accepted < WebhookBackoff.Limit;
    }

    private async Task DisableIfFailingAsync(
        WebhookState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await deliveries.FindFailingSinceAsync(webhook, cancellationToken) is not { } since) return;
        if (HasFailedTooShort(state, since, now)) return;
        var accepted = await deliveries.FindLastAcceptedAsync(project, webhook, cancellationToken);
        if (accepted > since) since = accepted.Value;
        if (HasFailedTooShort(state, since, now)) return;
        await grains.GetProjectGrain(project).DisableFailingWebhook(webhook, state.Url);
        metrics.CountDisabled();
        LogDisabled(logger, webhook, since);
    }

    /// <summary>Failures from before the webhook was enabled do not count.</summary>
    private static bool HasFailedTooShort(WebhookState state, DateTimeOffset since, DateTimeOffset now) =>
        now - (state.EnabledAt > since ? state.EnabledAt.Value : since) < WebhookBackoff.Limit;

    private async Task DeleteAllAsync(CancellationToken cancellationToken)
    {
        while (await log.DeleteAsync(project, webhook, DeletedBatchSize, cancellationToken) == DeletedBatchSize)
        {
            // Until a batch is not full.
        }
    }
}
