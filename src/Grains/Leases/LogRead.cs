using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>The event log after a position.</summary>
/// <param name="Position">The position after the events.</param>
/// <param name="Events">The events that the position contains and the earlier one did not.</param>
/// <param name="DatabaseTime">The clock of the database during the read.</param>
public sealed record LogRead(LogPosition Position, IReadOnlyList<LogEvent> Events, DateTimeOffset DatabaseTime);
