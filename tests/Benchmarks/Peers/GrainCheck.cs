using KeysCluster.Benchmarks.Loads;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>A service in the silo's process that asks the key's grain, beginning with the secret's text as the others do.</summary>
internal sealed class GrainCheck(IGrainFactory grains, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "grain_validate";

    public async ValueTask<bool> IsGoodAsync(int caller, int secret)
    {
        if (!VirtualKeySecret.TryParse(secrets[secret], out var parsed)) return false;
        var grain = grains.GetVirtualKey(VirtualKeyId.OwnerOf(parsed));
        return (await grain.Validate(parsed.Digest(), null)).IsValid;
    }
}
