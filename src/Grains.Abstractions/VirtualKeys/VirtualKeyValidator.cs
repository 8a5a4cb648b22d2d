using KeysCluster.Projects;
using KeysCluster.Storage;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Asks the key's grain, with the grain factory of a silo or of an Orleans client; when its silo does not answer, another
/// one. Holds nothing. It takes 3 seconds at most.
/// </summary>
public sealed class VirtualKeyValidator(IGrainFactory grains) : IVirtualKeyValidator
{
    /// <inheritdoc />
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
