using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A service that calls the key's grain itself, again when a busy machine has let a call time out.</summary>
internal sealed class RetryingGrainValidator(IGrainFactory grains) : IVirtualKeyValidator
{
    private const int MaxAttempts = 3;

    public async ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return Verdict.Malformed;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.GetVirtualKeyGrain(VirtualKeyId.FromSecret(secret)).Validate(secret.ComputeDigest(), project);
            }
            catch (TimeoutException) when (attempt < MaxAttempts)
            {
            }
        }
    }
}
