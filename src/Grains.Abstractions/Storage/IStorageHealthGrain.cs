namespace KeysCluster.Storage;

/// <summary>Probes the storage of the silo that the call reaches. The grain key has no meaning.</summary>
[Alias("KeysCluster.IStorageHealthGrain")]
public interface IStorageHealthGrain : IGrainWithIntegerKey
{
    /// <summary>Completes when storage has answered.</summary>
    /// <exception cref="StorageUnavailableException">Storage did not answer.</exception>
    [Alias("Probe"), ResponseTimeout("00:00:05")]
    Task Probe();
}
