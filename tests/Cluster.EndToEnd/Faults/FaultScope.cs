namespace KeysCluster.Cluster.EndToEnd.Faults;

internal enum FaultScope
{
    Silo,

    /// <summary>Two silos.</summary>
    SiloPair,
    FrontEnd,
    Postgres,
}
