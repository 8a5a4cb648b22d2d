using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>No requests to send events again.</summary>
internal sealed class NoRedeliveries : IRedeliveries
{
    public Task<DateTimeOffset> AddAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset since, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Redelivery>> ListAsync(int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Redelivery>>([]);

    public Task<bool> ContinueAsync(
        Redelivery redelivery,
        EventPosition? next,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken) => throw new NotSupportedException();
}
