namespace KeysCluster.Silo.Moves;

/// <summary>What a move has done.</summary>
public enum MoveOutcome
{
    /// <summary>The data was checked, and nothing was changed.</summary>
    Checked,

    /// <summary>The data is in the cluster's database.</summary>
    Moved,

    /// <summary>An earlier move had moved the data. Nothing was changed.</summary>
    AlreadyMoved,
}
