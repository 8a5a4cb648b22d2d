using KeysCluster.Benchmarks.Loads;
using KeysCluster.Validation;

namespace KeysCluster.Benchmarks.Peers;

/// <summary>Validates secrets with the validator, as a service in the process of the silo does.</summary>
internal sealed class CachedValidatorCheck(IVirtualKeyValidator validator, IReadOnlyList<string> secrets) : ISecretCheck
{
    public string Name => "cached_validate";

    public async ValueTask<bool> IsValidAsync(int caller, int secret) =>
        (await validator.ValidateAsync(secrets[secret])).IsValid;
}
