namespace KeysCluster.EndToEnd.Tests;

/// <summary>The topologies that a test runs on.</summary>
public enum TopologyKind
{
    /// <summary>One process, on SQLite.</summary>
    Embedded,

    /// <summary>A silo, on PostgreSQL.</summary>
    Cluster,
}
