using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Projects;

/// <summary>
/// Asks the project's grain, with the grain factory of a silo or of an Orleans client; when its silo does not answer,
/// another one. Holds nothing. It takes 3 seconds at most.
/// </summary>
public sealed class ProjectAuthenticator(IGrainFactory grains) : IProjectAuthenticator
{
    /// <inheritdoc />
    public ValueTask<bool> AuthenticateAsync(Secret apiKey)
    {
        var project = ProjectId.OwnerOf(apiKey);
        var digest = apiKey.Digest();
        return OtherPath.Ask(
            grains,
            () => grains.GetGrain<IProjectGrain>(project.ToString()).Authenticate(digest),
            other => other.Authenticate(project, digest));
    }
}
