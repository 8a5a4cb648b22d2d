namespace KeysCluster.Grains.Storage;

/// <summary>A stored state is not one that a silo of this service has written for its key.</summary>
/// <param name="reason">Why, as the end of a sentence.</param>
public sealed class AlteredStateException(string reason)
    : Exception($"The stored state is not one that the service has written: {reason}.")
{
    /// <summary>Why, as the end of a sentence.</summary>
    public string Reason => reason;
}
