using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Validation;

/// <summary>Authenticates API keys of projects for front ends. Thread-safe.</summary>
public interface IProjectAuthenticator
{
    /// <summary>
    /// Returns the API key that a secret belongs to, if it is valid now for the project that it names; null if it is
    /// not. The project may be disabled: see <see cref="AuthenticatedApiKey.ProjectStatus"/>.
    /// </summary>
    /// <exception cref="ValidationUnavailableException">
    /// Validity cannot be determined now: refuse the request and retry.
    /// </exception>
    ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret apiKey);
}
