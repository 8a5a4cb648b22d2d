using KeysCluster.Events;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Stores the requests to send the events of webhooks since a time again, at most one for each webhook. Every method
/// may throw an exception of the database.
/// </summary>
public interface IRedeliveries
{
    /// <summary>
    /// Adds a request. If one is in progress for the webhook, it starts over, from the earlier of both times.
    /// </summary>
    /// <returns>The time of the first event that is sent.</returns>
    Task<DateTimeOffset> AddAsync(
        ProjectId project, WebhookId webhook, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Returns some of the requests that are in progress, in an order that changes with each page.</summary>
    Task<IReadOnlyList<Redelivery>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the deliveries of a page of events, makes those pending again whose events have one already, and stores the
    /// position, in one transaction.
    /// </summary>
    /// <param name="redelivery">The request as it was read.</param>
    /// <param name="next">The position after the page; null after the last one, which completes the request.</param>
    /// <param name="deliveries">The deliveries.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if the request has changed since it was read; nothing is stored then.</returns>
    Task<bool> ContinueAsync(
        Redelivery redelivery,
        EventPosition? next,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken);
}
