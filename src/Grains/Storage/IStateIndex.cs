namespace KeysCluster.Grains.Storage;

/// <summary>
/// Lists stored states, newest first, without activating their grains. The transaction that writes a state also updates
/// the index, so a list agrees with every acknowledged change. States are returned as they are stored.
/// </summary>
public interface IStateIndex
{
    /// <summary>Returns up to <paramref name="limit"/> states of an owner that follow a position.</summary>
    Task<IReadOnlyList<byte[]>> ListAfterAsync(
        string stateName, string owner, IndexPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Returns up to <paramref name="limit"/> states of an owner after skipping <paramref name="offset"/>.
    /// </summary>
    Task<IReadOnlyList<byte[]>> ListPageAsync(
        string stateName, string owner, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>Returns the number of states of an owner.</summary>
    Task<long> CountAsync(string stateName, string owner, CancellationToken cancellationToken);
}
