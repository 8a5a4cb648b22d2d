using KeysCluster.Projects;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Tells in-cluster services whether a presented secret is good. Works with the grain factory of a silo or of an
/// Orleans client; holds nothing and may be shared.
/// </summary>
public sealed class VirtualKeyValidator(IGrainFactory grains)
{
    /// <summary>
    /// The verdict on a presented text, as of now. What cannot be a secret is refused without a call; the secret
    /// itself never leaves this process.
    /// </summary>
    /// <param name="presented">What the client sent, without any scheme such as <c>Bearer</c>.</param>
    /// <param name="project">When set, a secret of any other project's key is not found.</param>
    /// <exception cref="Storage.StorageUnavailableException">The verdict could not be found out: refuse, and try again.</exception>
    /// <exception cref="TimeoutException">The key's grain did not answer in 5 seconds: likewise.</exception>
    public ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return new(Verdict.Malformed);
        var grain = grains.GetGrain<IVirtualKeyGrain>(VirtualKeyId.OwnerOf(secret).ToString());
        return grain.Validate(secret.Digest(), project);
    }
}
