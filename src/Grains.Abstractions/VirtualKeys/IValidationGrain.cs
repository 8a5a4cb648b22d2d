using KeysCluster.Projects;
using KeysCluster.Secrets;
using Orleans.Concurrency;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Validates on whichever silo the call reaches first, from what that silo holds or storage has: the other path when the
/// silo that a key's own grain lives on does not answer. The grain's key has no meaning; a random one spreads the calls.
/// </summary>
[Alias("KeysCluster.IValidationGrain")]
public interface IValidationGrain : IGrainWithIntegerKey
{
    /// <summary>As <see cref="IVirtualKeyGrain.Validate"/>, but that it counts as no use of the key.</summary>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<Verdict> Validate(VirtualKeyId key, SecretDigest digest, ProjectId? project);

    /// <summary>As <see cref="IProjectGrain.Authenticate"/>, but that it counts as no use of the API key.</summary>
    [Alias("Authenticate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<bool> Authenticate(ProjectId project, SecretDigest digest);
}
