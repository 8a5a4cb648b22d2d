namespace KeysCluster.Storage;

/// <summary>
/// Whether a key is good cannot be told now: the silo's lease is not good, or storage does not answer. Refuse, and try
/// again: it mends itself.
/// </summary>
[GenerateSerializer, Alias("KeysCluster.ValidationUnavailableException")]
public sealed class ValidationUnavailableException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public ValidationUnavailableException() : this("Validation is unavailable.")
    {
    }

    /// <summary>Creates the exception. The message must hold nothing of the inside: it may cross the cluster's edge.</summary>
    public ValidationUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public ValidationUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
