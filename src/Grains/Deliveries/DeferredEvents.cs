using KeysCluster.Events;

namespace KeysCluster.Grains.Deliveries;

/// <summary>The events of a project whose deliveries are not added yet, because its state could not be read.</summary>
/// <param name="From">The earliest time of such an event.</param>
/// <param name="Position">The position after those whose deliveries were added since; null before the first.</param>
public sealed record DeferredEvents(DateTimeOffset From, EventPosition? Position);
