namespace KeysCluster.Silo.Moves;

/// <summary>The rows of a table that a move has copied.</summary>
/// <param name="Table">The name of the table.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Digest">
/// The sum of the SHA-256 digests of the rows, in hexadecimal digits. After the copy, the rows of the cluster's
/// database had the same. Null if nothing was copied.
/// </param>
public sealed record TableReport(string Table, long Rows, string? Digest);
