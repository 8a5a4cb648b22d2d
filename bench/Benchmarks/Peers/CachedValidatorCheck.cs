using KeysCluster.Benchmarks.Loads;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>A service in the silo's process that asks the validator.</summary>
internal sealed class CachedValidatorCheck(IVirtualKeyValidator validator, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "cached_validate";

    public async ValueTask<bool> IsValidAsync(int caller, int secret) =>
        (await validator.ValidateAsync(secrets[secret])).IsValid;
}
