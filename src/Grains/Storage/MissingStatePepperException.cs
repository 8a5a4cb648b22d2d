namespace KeysCluster.Grains.Storage;

/// <summary>The MAC of a stored state cannot be verified, because this silo does not have its pepper.</summary>
/// <param name="pepperId">The id of the pepper, as the state names it.</param>
public sealed class MissingStatePepperException(string pepperId)
    : Exception($"The pepper {pepperId} of the MAC of the stored state is missing on this silo.")
{
    /// <summary>The id of the pepper, as the state names it.</summary>
    public string PepperId => pepperId;
}
