using System.Diagnostics.CodeAnalysis;
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

    /// <summary>
    /// Authenticates a valid API key that is cached in this process, without any call. It counts as a use of the key.
    /// </summary>
    /// <param name="apiKey">The secret.</param>
    /// <param name="authenticated">The API key that the secret belongs to.</param>
    /// <returns>
    /// Whether the secret is cached and valid. If not, call <see cref="AuthenticateAsync"/>.
    /// </returns>
    bool TryAuthenticateFromCache(Secret apiKey, [NotNullWhen(true)] out AuthenticatedApiKey? authenticated)
    {
        authenticated = null;
        return false;
    }
}
