namespace KeysCluster.Client;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">The entries.</typeparam>
/// <param name="Data">The entries of this page.</param>
/// <param name="NextCursor">Selects the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);
