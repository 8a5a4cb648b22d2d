namespace KeysCluster.Grains.Storage;

/// <summary>
/// A write violates a rule that concerns several states, such as a limit on their number. The storage provider throws
/// it when the database has refused the write. Nothing was written.
/// </summary>
/// <param name="outcome">The outcome of the change.</param>
public sealed class StateConstraintException(ChangeOutcome outcome)
    : Exception($"The database refused the write: {outcome}.")
{
    /// <summary>The outcome of the change.</summary>
    public ChangeOutcome Outcome => outcome;
}
