namespace KeysCluster.Grains.Storage;

/// <summary>Stores new states in one transaction, without their grains.</summary>
public interface IStateInserter
{
    /// <summary>Stores the states, all or none.</summary>
    /// <exception cref="StateConstraintException">One of them violates a rule. Nothing was written.</exception>
    Task InsertAsync(string stateName, IReadOnlyList<NewState> states, CancellationToken cancellationToken);
}
