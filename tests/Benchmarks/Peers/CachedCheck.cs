using KeysCluster.Benchmarks.Loads;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>A service in the silo's process that asks the validator.</summary>
internal sealed class CachedCheck(IVirtualKeyValidator validator, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "cached_validate";

    public async ValueTask<bool> IsGoodAsync(int caller, int secret) =>
        (await validator.ValidateAsync(secrets[secret])).IsValid;
}
