namespace KeysCluster.Grains.Deliveries;

/// <summary>The deliveries that are pending.</summary>
/// <param name="Count">Their number.</param>
/// <param name="OldestDueAt">The earliest time at which one was due; null when none is pending.</param>
public sealed record DeliveryBacklog(long Count, DateTimeOffset? OldestDueAt);
