namespace KeysCluster.Silo.Moves;

/// <summary>Why a move has failed.</summary>
public enum MoveFailure
{
    /// <summary>Something must be corrected first: a setting, the source or the target.</summary>
    Refused,

    /// <summary>The PostgreSQL database cannot be reached.</summary>
    Unavailable,

    /// <summary>A check has found a difference, or a database has failed.</summary>
    Failed,
}
