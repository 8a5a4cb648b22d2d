using KeysCluster.Security;

namespace KeysCluster.Events;

/// <summary>
/// Lists the events of a project and its virtual keys, or of all projects. The grain key is the id of the project, or
/// <see cref="AllProjects"/>.
/// </summary>
/// <remarks>
/// Events are listed in rounds. The first round contains the events that are visible when it begins; each later one
/// those that have become visible since the round before it. So a caller that continues from the last position receives
/// each event exactly once, in whatever order transactions commit. The earlier of two events of one key or project
/// comes first, unless the filter sorts the list by time.
/// </remarks>
[Alias("KeysCluster.IEventListGrain")]
public interface IEventListGrain : IGrainWithStringKey
{
    /// <summary>The grain key that lists the events of all projects.</summary>
    const string AllProjects = "all";

    /// <summary>Returns a page of the events that match a filter.</summary>
    /// <param name="filter">Selects the events, and determines their order.</param>
    /// <param name="after">
    /// The position at which an earlier page of the same filter ended; null for the first page. After a failover or a
    /// restore of the database, events of the hour before the position may be returned again.
    /// </param>
    /// <param name="limit">The maximum number of events, 1 to 200.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("Read"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<EventPage> Read(EventFilter filter, EventPosition? after, int limit);
}
