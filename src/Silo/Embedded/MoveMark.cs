namespace KeysCluster.Silo.Embedded;

/// <summary>
/// Records that the data of a data directory was moved to a cluster, or that a move has begun to commit. A second
/// service on the data would accept secrets that the cluster has revoked.
/// </summary>
/// <param name="MoveId">The id of the move, which the cluster's database has when the move is complete.</param>
/// <param name="Database">The cluster's database, as <c>host:port/name</c>.</param>
/// <param name="ServiceId">The service id of the cluster.</param>
/// <param name="IsComplete">Whether the data is known to be in the cluster's database.</param>
/// <param name="At">When the mark was written.</param>
internal sealed record MoveMark(
    string MoveId, string Database, string ServiceId, bool IsComplete, DateTimeOffset At);
