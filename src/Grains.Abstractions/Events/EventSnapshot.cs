namespace KeysCluster.Events;

/// <summary>
/// The events that were visible to one read of the database. It is not a number, because transactions do not commit in
/// the order of their ids, nor of the positions of their events. The ids of transactions are 0 on SQLite, which has one
/// writer.
/// </summary>
/// <param name="Time">The time of the read, by the clock of the database.</param>
/// <param name="LastPosition">The highest position of an event that was visible.</param>
/// <param name="FirstIncomplete">The id from which on no transaction had completed.</param>
/// <param name="FirstUnassigned">
/// The id from which on none had been assigned. A transaction takes the positions of its events after its id, so those
/// of later transactions are higher than <paramref name="LastPosition"/>.
/// </param>
/// <param name="InProgress">
/// The transactions before <paramref name="FirstIncomplete"/> that had not completed, in ascending order.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.EventSnapshot")]
public sealed record EventSnapshot(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] long LastPosition,
    [property: Id(2)] ulong FirstIncomplete,
    [property: Id(3)] ulong FirstUnassigned,
    [property: Id(4)] IReadOnlyList<ulong> InProgress);
