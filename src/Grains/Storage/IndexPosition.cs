namespace KeysCluster.Grains.Storage;

/// <summary>
/// A position in a list. By default a list is ordered by creation time and then by id, both descending.
/// </summary>
/// <param name="CreatedAt">The creation time of the last state before the position.</param>
/// <param name="Id">The id of that state.</param>
/// <param name="SortText">What the list is sorted by, as text; null when it is the creation time.</param>
public readonly record struct IndexPosition(DateTimeOffset CreatedAt, string Id, string? SortText = null);
