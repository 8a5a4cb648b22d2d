using KeysCluster.Benchmarks.Loads;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>A service in the silo's process that asks the key's grain, beginning with the secret's text as the others do.</summary>
internal sealed class GrainCheck(IGrainFactory grains, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "grain_validate";

    public async ValueTask<bool> IsValidAsync(int caller, int secret)
    {
        if (!VirtualKeySecret.TryParse(secrets[secret], out var parsed)) return false;
        var grain = grains.GetVirtualKeyGrain(VirtualKeyId.FromSecret(parsed));
        return (await grain.ValidateAsync(parsed.ComputeDigest(), null)).IsValid;
    }
}
