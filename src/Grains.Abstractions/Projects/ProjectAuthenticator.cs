using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Projects;

/// <summary>
/// Tells front ends whether an API key of a project is good. Works with the grain factory of a silo or of an Orleans
/// client; holds nothing and may be shared.
/// </summary>
public sealed class ProjectAuthenticator(IGrainFactory grains)
{
    /// <summary>
    /// Whether the digest is that of an API key of the project that works now. When the silo of the project's grain does
    /// not answer, another one is asked.
    /// </summary>
    /// <exception cref="ValidationUnavailableException">It could not be found out, after 3 seconds at most.</exception>
    public ValueTask<bool> AuthenticateAsync(ProjectId project, SecretDigest digest) => OtherPath.Ask(
        grains,
        () => grains.GetGrain<IProjectGrain>(project.ToString()).Authenticate(digest),
        other => other.Authenticate(project, digest));
}
