using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.VirtualKeys;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>No deliveries, of which another silo takes care.</summary>
internal sealed class TestDeliveries : IPendingDeliveries, IRedeliveries, IDeliveryLog, IExpirySource
{
    public Task<(bool IsLeader, WebhookCursor? Cursor)> TryLeadAsync(
        string silo, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.FromResult((false, default(WebhookCursor)));

    public Task ReleaseAsync(string silo, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> AddAsync(
        string silo,
        WebhookCursor cursor,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<(ProjectId Project, WebhookId Webhook)>> ListPendingAsync(
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PauseAsync(WebhookId webhook, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task ResumeAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<PendingDelivery>> ReadAsync(
        WebhookId webhook, string afterOwner, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DateTimeOffset?> FindFailingSinceAsync(WebhookId webhook, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DateTimeOffset?> FindLastAcceptedAsync(
        ProjectId project, WebhookId webhook, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RecordAsync(
        PendingDelivery delivery,
        WebhookAttempt attempt,
        DateTimeOffset? nextAttemptAt,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WebhookDeliveryPage> ListAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryStatus? status,
        WebhookDeliveryId? after,
        int limit,
        CancellationToken cancellationToken) => Task.FromResult(new WebhookDeliveryPage([], HasMore: false));

    public Task<WebhookDelivery?> FindAsync(
        ProjectId project, WebhookId webhook, WebhookDeliveryId delivery, CancellationToken cancellationToken) =>
        Task.FromResult<WebhookDelivery?>(null);

    public Task RedeliverAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryId delivery,
        DateTimeOffset now,
        CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<DateTimeOffset> AddAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult(since);

    public Task<IReadOnlyList<Redelivery>> ListAsync(int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> ContinueAsync(
        Redelivery redelivery,
        EventPosition? next,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddTestAsync(
        NewDelivery delivery, WebhookAttempt attempt, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    public Task<int> DeleteAsync(
        ProjectId project, WebhookId webhook, int limit, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<IReadOnlyList<VirtualKeyId>> FindExpiringAsync(
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<(VirtualKeyId Key, DateTimeOffset DueAt)>> FindRetiringAsync(
        DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();
}
