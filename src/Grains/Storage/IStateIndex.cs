using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// Lists stored states, newest first, without activating their grains. The transaction that writes a state also updates
/// the index, so a list agrees with every acknowledged change. States are returned as they are stored.
/// </summary>
public interface IStateIndex
{
    /// <summary>
    /// Returns up to <paramref name="limit"/> states of a project that follow a position. Here and below, the project
    /// is its id, or empty to list projects.
    /// </summary>
    Task<IReadOnlyList<IndexedState>> ListAfterAsync(
        string stateName, string project, IndexPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Returns up to <paramref name="limit"/> virtual keys of a project that match a filter, in its order, and that
    /// follow a position.
    /// </summary>
    Task<IReadOnlyList<IndexedState>> FindVirtualKeysAsync(
        string project,
        VirtualKeyFilter filter,
        IndexPosition? after,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken);

    /// <summary>
    /// Returns up to <paramref name="limit"/> states of a project after skipping <paramref name="offset"/>.
    /// </summary>
    Task<IReadOnlyList<IndexedState>> ListPageAsync(
        string stateName, string project, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>Returns the number of states of a project.</summary>
    Task<long> CountAsync(string stateName, string project, CancellationToken cancellationToken);
}
