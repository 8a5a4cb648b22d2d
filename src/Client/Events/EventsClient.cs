using System.Runtime.CompilerServices;

namespace KeysCluster.Client;

/// <summary>
/// The events of the project of an API key, which needs <c>events:view</c>; with an admin key, those of all projects.
/// </summary>
public sealed class EventsClient
{
    private readonly KeysConnection _connection;

    internal EventsClient(KeysConnection connection) => _connection = connection;

    /// <summary>Lists events, oldest first, or newest first.</summary>
    /// <param name="filter">Selects events; null for all.</param>
    /// <param name="cursor">Selects a page, with the filter of the call that returned it; null for the first.</param>
    /// <param name="limit">1 to 200; 50 by default.</param>
    /// <param name="newestFirst">Whether the newest are first. Such a list cannot be followed.</param>
    /// <param name="allProjects">Whether to list the events of all projects, with an admin key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<EventPage> ListPageAsync(
        EventFilter? filter = null,
        string? cursor = null,
        int limit = 50,
        bool newestFirst = false,
        bool allProjects = false,
        CancellationToken cancellationToken = default)
    {
        var query = new QueryString()
            .Add("cursor", cursor)
            .Add("limit", limit)
            .Add("order", newestFirst ? "desc" : null)
            .Add("type", filter?.Type)
            .Add("actor", filter?.Actor)
            .Add("virtual_key_id", filter?.VirtualKeyId)
            .Add("project_id", filter?.ProjectId)
            .Add("from", filter?.From)
            .Add("to", filter?.To);
        return _connection.GetAsync<EventPage>(
            (allProjects ? "api/events" : "api/gateway/v1/events") + query, cancellationToken);
    }

    /// <summary>
    /// Returns the events, oldest first, and then those that are added, until the enumeration ends. None is missed, and
    /// each is returned once; after a failover or a restore of the database, some of the hour before may be repeated.
    /// </summary>
    /// <param name="filter">Selects events; null for all.</param>
    /// <param name="interval">How often to ask for added events; once a second by default.</param>
    /// <param name="allProjects">Whether to follow the events of all projects, with an admin key.</param>
    /// <param name="time">The clock of the interval; that of the system by default.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<KeyEvent> FollowAsync(
        EventFilter? filter = null,
        TimeSpan? interval = null,
        bool allProjects = false,
        TimeProvider? time = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        while (true)
        {
            var page = await ListPageAsync(
                filter, cursor, limit: 200, allProjects: allProjects, cancellationToken: cancellationToken);
            foreach (var entry in page.Data) yield return entry;
            cursor = page.NextCursor;
            if (!page.HasMore)
            {
                await Task.Delay(
                    interval ?? TimeSpan.FromSeconds(1), time ?? TimeProvider.System, cancellationToken);
            }
        }
    }
}
