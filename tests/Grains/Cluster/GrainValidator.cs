using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A service that calls the key's grain itself, again when a busy machine has let a call time out.</summary>
internal sealed class GrainValidator(IGrainFactory grains) : IVirtualKeyValidator
{
    private const int Attempts = 3;

    public async ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return Verdict.Malformed;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.GetVirtualKey(VirtualKeyId.OwnerOf(secret)).Validate(secret.Digest(), project);
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
            }
        }
    }
}
