using KeysCluster.Events;

namespace KeysCluster.Grains.Events;

/// <summary>Reads recorded events, and deletes old ones.</summary>
public interface IEventStore
{
    /// <summary>Returns a page of events, as <see cref="IEventListGrain.Read"/> describes.</summary>
    /// <param name="project">The id of the project; null for all projects.</param>
    /// <param name="filter">Selects the events, and determines their order.</param>
    /// <param name="after">The position at which an earlier page ended; null for the first page.</param>
    /// <param name="limit">The maximum number of events.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<EventPage> ReadAsync(
        string? project, EventFilter filter, EventPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes some of the oldest events in one transaction.</summary>
    /// <param name="before">Events from before this time are deleted.</param>
    /// <param name="limit">The maximum number of events.</param>
    /// <param name="cancellationToken">Cancels the deletion.</param>
    /// <returns>The number of deleted events; null if another silo is deleting some.</returns>
    Task<int?> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
