namespace KeysCluster.Cluster.EndToEnd.History;

internal enum IncidentKind
{
    KillSilo,
    KillFrontEnd,
    PauseSilo,
    PauseFrontEnd,
    StopSilo,
    IsolateFromPeers,
    IsolateFromPostgres,
    IsolateFromBoth,
    RestartPostgres,
    CrashPostgres,

    /// <summary>
    /// A process exited that the test did not stop. A silo does so when it learns that it was declared dead.
    /// </summary>
    ExitedByItself,
}
