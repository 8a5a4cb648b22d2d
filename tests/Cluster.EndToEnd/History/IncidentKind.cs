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

    /// <summary>Two silos cannot reach each other. Both reach the third one and PostgreSQL.</summary>
    CutPair,

    /// <summary>A silo receives nothing from another one, which receives its messages.</summary>
    CutOneWay,
    IsolateFrontEndFromSilos,
    IsolateFrontEndFromPostgres,
    IsolateFrontEndFromBoth,

    /// <summary>The network between a silo and its peers is slow and loses packets.</summary>
    DelayPeers,

    /// <summary>The network between a silo and PostgreSQL is slow and loses packets.</summary>
    DelayPostgres,
    RestartPostgres,
    CrashPostgres,

    /// <summary>PostgreSQL is suspended (SIGSTOP).</summary>
    PausePostgres,

    /// <summary>The file system of PostgreSQL is full.</summary>
    FillDisk,

    /// <summary>PostgreSQL crashes, and its synchronous standby replaces it.</summary>
    FailOver,

    /// <summary>The clock of a silo is off by less than <c>Cluster:MaxClockOffset</c>.</summary>
    OffsetClock,

    /// <summary>The clock of a silo is off by more than <c>Cluster:MaxClockOffset</c>.</summary>
    StepClock,

    /// <summary>A silo runs the previous build.</summary>
    RunPreviousBuild,

    /// <summary>
    /// A process exited that the test did not stop. A silo does so when it learns that it was declared dead.
    /// </summary>
    ExitedByItself,
}
