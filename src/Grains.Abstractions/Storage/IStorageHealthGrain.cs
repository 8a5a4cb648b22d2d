namespace KeysCluster.Storage;

/// <summary>Asks storage for a sign of life, from a silo near the caller; the grain's key has no meaning.</summary>
[Alias("KeysCluster.IStorageHealthGrain")]
public interface IStorageHealthGrain : IGrainWithIntegerKey
{
    /// <summary>Returns when storage answered; throws <see cref="StorageUnavailableException"/> when it did not.</summary>
    [Alias("Probe"), ResponseTimeout("00:00:05")]
    Task Probe();
}
