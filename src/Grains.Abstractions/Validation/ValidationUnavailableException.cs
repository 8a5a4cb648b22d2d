namespace KeysCluster.Validation;

/// <summary>
/// Validity cannot be determined now: the silo has no valid lease, or storage does not answer. The condition is
/// transient. Refuse the request and retry; it says nothing about the secret.
/// </summary>
[GenerateSerializer, Alias("KeysCluster.ValidationUnavailableException")]
public sealed class ValidationUnavailableException : Exception
{
    /// <summary>Creates the exception with its default message.</summary>
    public ValidationUnavailableException() : this("Validation is unavailable.")
    {
    }

    /// <summary>Creates the exception with a message. It may leave the cluster and must not reveal internals.</summary>
    public ValidationUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public ValidationUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
