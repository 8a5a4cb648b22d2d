namespace KeysCluster.Events;

/// <summary>A page of events.</summary>
/// <param name="Events">
/// The events. There may be fewer than the limit, or none, before the last page, because a page ends when it is large
/// or took long to find.
/// </param>
/// <param name="Start">The position before the first event of the page.</param>
/// <param name="Next">
/// The position after the page, from which a later call continues; null after the last page of a descending list.
/// </param>
/// <param name="HasMore">Whether the round has more events.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.EventPage")]
public sealed record EventPage(
    [property: Id(0)] IReadOnlyList<RecordedEvent> Events,
    [property: Id(1)] EventPosition Start,
    [property: Id(2)] EventPosition? Next,
    [property: Id(3)] bool HasMore)
{
    /// <summary>Returns the position after one event of the page.</summary>
    public EventPosition GetPositionAfter(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return Start with { Last = recorded.Position, LastAt = Start.LastAt is null ? null : recorded.At };
    }
}
