namespace KeysCluster.Storage;

/// <summary>
/// Storage did not answer as expected. After a read nothing has changed. After a change its outcome is unknown: it
/// happened whole or not at all, and the next call to the grain answers from what storage holds.
/// </summary>
[GenerateSerializer, Alias("KeysCluster.StorageUnavailableException")]
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public StorageUnavailableException() : this("Storage is unavailable.")
    {
    }

    /// <summary>Creates the exception. The message must hold nothing of the inside: it may cross the cluster's edge.</summary>
    public StorageUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public StorageUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
