namespace KeysCluster.Grains.Storage;

/// <summary>
/// Lists stored grain states newest first without activating their grains. The index behind it is kept by the same
/// transaction that writes the state, so a list never disagrees with what was acknowledged.
/// </summary>
internal interface IStateIndex
{
    /// <summary>Up to <paramref name="limit"/> states of <paramref name="owner"/> that come after a position.</summary>
    Task<IReadOnlyList<TState>> ListAfter<TState>(
        string stateName, string owner, IndexPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> states of <paramref name="owner"/> after skipping <paramref name="offset"/>.</summary>
    Task<IReadOnlyList<TState>> ListPage<TState>(
        string stateName, string owner, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>How many states <paramref name="owner"/> has.</summary>
    Task<long> Count(string stateName, string owner, CancellationToken cancellationToken);
}

/// <summary>A place in a list that is ordered by creation time and then id, both descending.</summary>
internal readonly record struct IndexPosition(DateTimeOffset CreatedAt, string Id);
