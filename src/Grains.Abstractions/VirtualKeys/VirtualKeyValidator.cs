using KeysCluster.Projects;
using KeysCluster.Storage;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Tells in-cluster services whether a presented secret is good. Works with the grain factory of a silo or of an
/// Orleans client; holds nothing and may be shared.
/// </summary>
public sealed class VirtualKeyValidator(IGrainFactory grains)
{
    /// <summary>
    /// The verdict on a presented text, as of now. What cannot be a secret is refused without a call; the secret
    /// itself never leaves this process. When the silo of the key's grain does not answer, another one is asked.
    /// </summary>
    /// <param name="presented">What the client sent, without any scheme such as <c>Bearer</c>.</param>
    /// <param name="project">When set, a secret of any other project's key is not found.</param>
    /// <returns>
    /// <see cref="Verdict.Unavailable"/> when the verdict could not be found out, after 3 seconds at most: refuse, and try again.
    /// </returns>
    public async ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return Verdict.Malformed;
        var key = VirtualKeyId.OwnerOf(secret);
        var digest = secret.Digest();
        try
        {
            return await OtherPath.Ask(
                grains,
                async () => Known(await grains.GetGrain<IVirtualKeyGrain>(key.ToString()).Validate(digest, project)),
                async other => Known(await other.Validate(key, digest, project)));
        }
        catch (ValidationUnavailableException)
        {
            return Verdict.Unavailable;
        }
    }

    private static Verdict Known(Verdict verdict) =>
        verdict.Code == VerdictCode.Unavailable ? throw new ValidationUnavailableException() : verdict;
}
