using KeysCluster.Events;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>A request to send the events of a webhook since a time again.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="WebhookId">The webhook.</param>
/// <param name="Since">The time of the first event.</param>
/// <param name="Position">The position after the last page of events; null before the first page.</param>
/// <param name="Version">A random text that changes with each request and each page.</param>
public sealed record Redelivery(
    ProjectId ProjectId, WebhookId WebhookId, DateTimeOffset Since, EventPosition? Position, string Version);
