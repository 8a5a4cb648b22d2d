using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Stores the pending deliveries of webhooks, and which silo sends them: one at a time, the leader. Every method may
/// throw an exception of the database.
/// </summary>
public interface IPendingDeliveries
{
    /// <summary>Makes a silo the leader, or extends its leadership, unless another one leads.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="duration">How long it leads from now, by the clock of the database.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// Whether the silo leads, and the cursor that was stored last; no cursor before the first one is stored.
    /// </returns>
    Task<(bool IsLeader, WebhookCursor? Cursor)> TryLeadAsync(
        string silo, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends the leadership of a silo.</summary>
    Task ReleaseAsync(string silo, CancellationToken cancellationToken);

    /// <summary>
    /// Adds deliveries and stores the cursor, in one transaction. A delivery of an event to a webhook that has one
    /// already is not added again.
    /// </summary>
    /// <returns>False if the silo is not the leader any more; nothing is stored then.</returns>
    Task<bool> AddAsync(
        string silo,
        WebhookCursor cursor,
        IReadOnlyList<NewDelivery> deliveries,
        CancellationToken cancellationToken);

    /// <summary>Returns the webhooks that have pending deliveries.</summary>
    Task<IReadOnlyList<(ProjectId Project, WebhookId Webhook)>> ListPendingAsync(CancellationToken cancellationToken);

    /// <summary>Returns the number of pending deliveries.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns the earliest pending delivery of each virtual key and project to a webhook, in the order of their ids.
    /// </summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="afterOwner">Only those of later ids; empty for all.</param>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<PendingDelivery>> ReadAsync(
        WebhookId webhook, string afterOwner, int limit, CancellationToken cancellationToken);

    /// <summary>Returns since when the longest failing delivery of a webhook fails; null when none does.</summary>
    Task<DateTimeOffset?> FindFailingSinceAsync(WebhookId webhook, CancellationToken cancellationToken);

    /// <summary>
    /// Returns about when the endpoint of a webhook has accepted a delivery last, from some of the latest that it has
    /// accepted; null if there is none.
    /// </summary>
    Task<DateTimeOffset?> FindLastAcceptedAsync(
        ProjectId project, WebhookId webhook, CancellationToken cancellationToken);

    /// <summary>Pauses the pending deliveries of a webhook, which is disabled.</summary>
    Task PauseAsync(WebhookId webhook, CancellationToken cancellationToken);

    /// <summary>Makes the paused deliveries of a webhook pending, which is enabled.</summary>
    Task ResumeAsync(ProjectId project, WebhookId webhook, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records an attempt to send a delivery.</summary>
    /// <param name="delivery">The delivery as it was before the attempt.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="nextAttemptAt">
    /// When it is sent again; null when the endpoint has accepted it, or it is not sent again.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task RecordAsync(
        PendingDelivery delivery,
        WebhookAttempt attempt,
        DateTimeOffset? nextAttemptAt,
        CancellationToken cancellationToken);
}
