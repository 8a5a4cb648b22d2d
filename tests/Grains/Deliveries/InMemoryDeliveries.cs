using System.Text.Json;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>The deliveries of one webhook, as the database stores them, without what a queue does not use.</summary>
internal sealed class InMemoryDeliveries : IPendingDeliveries, IDeliveryLog
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];
    private readonly List<(string Owner, WebhookAttempt Attempt)> _attempts = [];

    /// <summary>The attempts in the order in which they were recorded.</summary>
    public IReadOnlyList<(string Owner, WebhookAttempt Attempt)> Attempts
    {
        get
        {
            lock (_gate) return [.. _attempts];
        }
    }

    /// <summary>The deliveries of events that were added. They are not sent.</summary>
    public List<NewDelivery> Added { get; } = [];

    /// <summary>The webhooks that have pending deliveries.</summary>
    public IReadOnlyList<(ProjectId Project, WebhookId Webhook)> Pending { get; set; } = [];

    /// <summary>The cursor that was stored last.</summary>
    public WebhookCursor? Cursor { get; private set; }

    /// <summary>Decides whether the silo leads.</summary>
    public Func<Task<bool>> Leading { get; set; } = () => Task.FromResult(true);

    /// <summary>Runs before the pending deliveries are paused.</summary>
    public Func<Task> Pausing { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs before paused deliveries are resumed.</summary>
    public Func<Task> Resuming { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs after an attempt was recorded.</summary>
    public Action Recorded { get; set; } = () => { };

    public int Count(WebhookDeliveryStatus status)
    {
        lock (_gate) return _rows.Count(row => row.Status == status);
    }

    public void Add(string owner, string payload, DateTimeOffset dueAt, DateTimeOffset? failingSince = null)
    {
        var delivery = new PendingDelivery(
            WebhookDeliveryId.New(dueAt), owner, payload, AttemptCount: 0, Attempts: [], dueAt);
        lock (_gate) _rows.Add(new Row(delivery, WebhookDeliveryStatus.Pending, failingSince));
    }

    public Task<IReadOnlyList<PendingDelivery>> ReadAsync(
        WebhookId webhook, string afterOwner, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<PendingDelivery>>(
            [
                .. _rows.Where(row => row.Status == WebhookDeliveryStatus.Pending)
                    .Select(row => row.Delivery with { FailingSince = row.FailingSince })
                    .DistinctBy(delivery => delivery.OwnerId)
                    .Where(delivery => string.CompareOrdinal(delivery.OwnerId, afterOwner) > 0)
                    .OrderBy(delivery => delivery.OwnerId, StringComparer.Ordinal)
                    .Take(limit),
            ]);
        }
    }

    public Task<DateTimeOffset?> FindFailingSinceAsync(WebhookId webhook, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(
                _rows.Where(row => row.Status == WebhookDeliveryStatus.Pending).Min(row => row.FailingSince));
        }
    }

    public Task<DateTimeOffset?> FindLastAcceptedAsync(
        ProjectId project, WebhookId webhook, CancellationToken cancellationToken) => Task.FromResult(
        Attempts.Where(recorded => recorded.Attempt.IsAccepted).Max(recorded => (DateTimeOffset?)recorded.Attempt.At));

    public async Task PauseAsync(WebhookId webhook, CancellationToken cancellationToken)
    {
        await Pausing();
        Replace(WebhookDeliveryStatus.Pending, row => row with { Status = WebhookDeliveryStatus.Paused });
    }

    public async Task ResumeAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Resuming();
        Replace(WebhookDeliveryStatus.Paused, row => row with { Status = WebhookDeliveryStatus.Pending });
    }

    public Task RecordAsync(
        PendingDelivery delivery,
        WebhookAttempt attempt,
        DateTimeOffset? nextAttemptAt,
        CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _attempts.Add((delivery.OwnerId, attempt));
            var index = _rows.FindIndex(row => row.Delivery.Id == delivery.Id);
            var recorded = delivery with
            {
                AttemptCount = delivery.AttemptCount + 1,
                NextAttemptAt = nextAttemptAt ?? delivery.NextAttemptAt,
            };
            _rows[index] = attempt.IsAccepted
                ? new Row(recorded, WebhookDeliveryStatus.Delivered, FailingSince: null)
                : nextAttemptAt is null
                    ? new Row(recorded, WebhookDeliveryStatus.Failed, FailingSince: null)
                    : new Row(recorded, WebhookDeliveryStatus.Pending, _rows[index].FailingSince ?? attempt.At);
        }

        Recorded();
        return Task.CompletedTask;
    }

    public Task<int> DeleteAsync(
        ProjectId project, WebhookId webhook, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var count = Math.Min(limit, _rows.Count);
            _rows.RemoveRange(0, count);
            return Task.FromResult(count);
        }
    }

    public async Task<(bool IsLeader, WebhookCursor? Cursor)> TryLeadAsync(
        string silo, TimeSpan duration, CancellationToken cancellationToken) => (await Leading(), Cursor);

    public Task ReleaseAsync(string silo, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> AddAsync(
        string silo,
        WebhookCursor cursor,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken)
    {
        // As the database stores it.
        Cursor = JsonSerializer.Deserialize<WebhookCursor>(JsonSerializer.Serialize(cursor));
        var existing = Added.Select(delivery => (delivery.WebhookId, delivery.Position)).ToHashSet();
        Added.AddRange(deliveries.Where(delivery => existing.Add((delivery.WebhookId, delivery.Position))));
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<(ProjectId Project, WebhookId Webhook)>> ListPendingAsync(
        CancellationToken cancellationToken) => Task.FromResult(Pending);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<WebhookDeliveryPage> ListAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryStatus? status,
        WebhookDeliveryId? after,
        int limit,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WebhookDelivery?> FindAsync(
        ProjectId project, WebhookId webhook, WebhookDeliveryId delivery, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RedeliverAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryId delivery,
        DateTimeOffset now,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddTestAsync(
        NewDelivery delivery, WebhookAttempt attempt, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    private void Replace(WebhookDeliveryStatus status, Func<Row, Row> replace)
    {
        lock (_gate)
        {
            for (var index = 0; index < _rows.Count; index++)
                if (_rows[index].Status == status) _rows[index] = replace(_rows[index]);
        }
    }

    private sealed record Row(PendingDelivery Delivery, WebhookDeliveryStatus Status, DateTimeOffset? FailingSince);
}
