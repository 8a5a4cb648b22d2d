using KeysCluster.Benchmarks.Loads;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>Parses secrets and validates them by calls of their keys' grains, in the process of the silo.</summary>
internal sealed class GrainCheck(IGrainFactory grains, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "grain_validate";

    public async ValueTask<bool> IsValidAsync(int caller, int secret)
    {
        if (!VirtualKeySecret.TryParse(secrets[secret], out var parsed)) return false;
        var grain = grains.GetVirtualKeyGrain(VirtualKeyId.FromSecret(parsed));
        return (await grain.Validate(parsed.ComputeDigest(), null)).IsValid;
    }
}
