using System.Net;

namespace KeysCluster.Client;

/// <summary>The service refused a request, or could not execute it.</summary>
public sealed class KeysApiException : Exception
{
    /// <summary>Creates an exception.</summary>
    public KeysApiException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    public KeysApiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    public KeysApiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the response.</summary>
    public HttpStatusCode StatusCode { get; init; }

    /// <summary>A stable code, such as <c>virtual_key_not_found</c>; null if the response has none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The permissions that the caller lacks.</summary>
    public IReadOnlyList<string> MissingPermissions { get; init; } = [];

    /// <summary>
    /// The <c>X-Request-Id</c> of the response, by which the log and the events of the service name it.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>How long the service asks the caller to wait before the next request.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
