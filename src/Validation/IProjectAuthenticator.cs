using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>Authenticates API keys of projects for front ends. Thread-safe.</summary>
public interface IProjectAuthenticator
{
    /// <summary>Returns whether an API key is valid now for the project that it names.</summary>
    /// <exception cref="ValidationUnavailableException">
    /// Validity cannot be determined now: refuse the request and retry.
    /// </exception>
    ValueTask<bool> AuthenticateAsync(Secret apiKey);
}
