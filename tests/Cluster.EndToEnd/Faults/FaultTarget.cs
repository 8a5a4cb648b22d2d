using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Processes;

namespace KeysCluster.Cluster.EndToEnd.Faults;

/// <summary>What a fault hits.</summary>
/// <param name="Cluster">The cluster, for faults of PostgreSQL.</param>
/// <param name="Nodes">The silos or the front end; empty for PostgreSQL.</param>
/// <param name="Random">The random choices of the fault.</param>
/// <param name="History">The history, which knows how far clocks may be off.</param>
internal sealed record FaultTarget(
    ProcessCluster Cluster, IReadOnlyList<ClusterNode> Nodes, SeededRandom Random, HistoryLog History)
{
    public ClusterNode Node => Nodes[0];

    /// <summary>The other silo of a pair.</summary>
    public ClusterNode Peer => Nodes[1];

    public string Name => Nodes.Count == 0 ? "postgresql" : Node.Name;
}
