using KeysCluster.Events;

namespace KeysCluster.Grains.Deliveries;

/// <summary>How far the webhook worker has followed the event log. It is stored as JSON.</summary>
/// <param name="From">The time of the first event that the worker has looked for.</param>
/// <param name="Position">The position after the last page; null before the first one.</param>
/// <param name="AnnouncedUntil">The time up to which expiries are announced; null before the first time.</param>
/// <param name="Deferred">
/// The projects of which events before <paramref name="Position"/> have no deliveries yet; null for none.
/// </param>
/// <param name="Unannounced">
/// The virtual keys that could not record the event of an expiry, and how many days ahead it is; null for none.
/// </param>
public sealed record WebhookCursor(
    DateTimeOffset From,
    EventPosition? Position,
    DateTimeOffset? AnnouncedUntil = null,
    IReadOnlyDictionary<string, DeferredEvents>? Deferred = null,
    IReadOnlyDictionary<string, int>? Unannounced = null);
