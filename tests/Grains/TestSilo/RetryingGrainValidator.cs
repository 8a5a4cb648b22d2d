using System.Net;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// Validates as a service that calls the key's grain directly. It retries a call that timed out, which happens on a
/// busy machine.
/// </summary>
internal sealed class RetryingGrainValidator(IGrainFactory grains) : IVirtualKeyValidator
{
    private const int MaxAttempts = 3;

    public async ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        if (!VirtualKeySecret.TryParse(presented, out var secret)) return Verdict.Malformed;
        var grain = grains.GetVirtualKeyGrain(VirtualKeyId.FromSecret(secret));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grain.Validate(secret.ComputeDigest(), project, permissions, address);
            }
            catch (TimeoutException) when (attempt < MaxAttempts)
            {
            }
        }
    }
}
