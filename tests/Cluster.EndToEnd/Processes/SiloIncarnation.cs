namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>One start of a silo.</summary>
/// <param name="Port">The port of the silo.</param>
/// <param name="Generation">The number that Orleans gives each start.</param>
internal sealed record SiloIncarnation(int Port, int Generation);
