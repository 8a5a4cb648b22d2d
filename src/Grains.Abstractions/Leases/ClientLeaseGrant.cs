namespace KeysCluster.Leases;

/// <summary>A lease that was acquired or renewed for a client.</summary>
/// <param name="Duration">The duration of the lease, from before the client asked for it.</param>
/// <param name="Position">The position of the client in the event log after it has applied the events.</param>
/// <param name="Events">The events between the position of the client and the new one. Empty for a new lease.</param>
/// <param name="SiloTime">The clock of the silo, which compares it with that of the database.</param>
/// <param name="MaxClockOffset">
/// How far the clock of a client may differ from that of the silo: the client compares deadlines with its own
/// clock.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ClientLeaseGrant")]
public sealed record ClientLeaseGrant(
    [property: Id(0)] TimeSpan Duration,
    [property: Id(1)] LogPosition Position,
    [property: Id(2)] IReadOnlyList<LogEvent> Events,
    [property: Id(3)] DateTimeOffset SiloTime,
    [property: Id(4)] TimeSpan MaxClockOffset);
