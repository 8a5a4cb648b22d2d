using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>Authenticates API keys of projects for front ends. Thread-safe.</summary>
public interface IProjectAuthenticator
{
    /// <summary>
    /// Returns the id of an API key if it is valid now for the project that it names; null if it is not.
    /// </summary>
    /// <exception cref="ValidationUnavailableException">
    /// Validity cannot be determined now: refuse the request and retry.
    /// </exception>
    ValueTask<SecretId?> AuthenticateAsync(Secret apiKey);
}
