using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>Tells front ends whether an API key of a project is good. May be shared.</summary>
public interface IProjectAuthenticator
{
    /// <summary>Whether an API key works now for the project that it names.</summary>
    /// <exception cref="Storage.ValidationUnavailableException">It could not be found out: refuse, and try again.</exception>
    ValueTask<bool> AuthenticateAsync(Secret apiKey);
}
