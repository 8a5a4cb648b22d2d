using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A service that calls the key's grain itself.</summary>
internal sealed class GrainValidator(IGrainFactory grains) : IVirtualKeyValidator
{
    public ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null) =>
        VirtualKeySecret.TryParse(presented, out var secret)
            ? grains.GetGrain<IVirtualKeyGrain>(VirtualKeyId.OwnerOf(secret).ToString()).Validate(secret.Digest(), project)
            : new(Verdict.Malformed);
}
