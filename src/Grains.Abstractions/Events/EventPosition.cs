namespace KeysCluster.Events;

/// <summary>
/// A position in a list of events, which a cursor contains: a round, and the last event of it before the position.
/// </summary>
/// <param name="Timeline">
/// A hash of the server and its timeline, whose snapshots can be compared. A failover or a restore starts another one.
/// </param>
/// <param name="Since">The snapshot whose events are not in the round; null in the first round.</param>
/// <param name="Until">
/// The snapshot whose events are in the round; null between two rounds, when the next one begins with the next page.
/// </param>
/// <param name="Last">The number of the last event, <see cref="RecordedEvent.Position"/>.</param>
/// <param name="LastAt">The time of the last event as it is stored; null unless the round is sorted by time.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.EventPosition")]
public sealed record EventPosition(
    [property: Id(0)] string Timeline,
    [property: Id(1)] EventSnapshot? Since,
    [property: Id(2)] EventSnapshot? Until,
    [property: Id(3)] long Last = 0,
    [property: Id(4)] string? LastAt = null);
