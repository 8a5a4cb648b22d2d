namespace KeysCluster.Storage;

/// <summary>
/// Storage did not answer as expected. After a read nothing has changed. After a change the outcome is unknown: it was
/// applied completely or not at all, and the next call to the grain reflects what storage contains.
/// </summary>
[GenerateSerializer, Alias("KeysCluster.StorageUnavailableException")]
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public StorageUnavailableException() : this("Storage is unavailable.")
    {
    }

    /// <summary>Creates the exception with a message. It may leave the cluster and must not reveal internals.</summary>
    public StorageUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public StorageUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
