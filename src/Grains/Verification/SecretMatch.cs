using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Verification;

/// <summary>The result of a verification.</summary>
/// <param name="Result">The verdict, with its period of validity.</param>
/// <param name="Secret">The cached secret that matched; null when none did.</param>
/// <param name="At">The time as of which the secret was verified.</param>
/// <param name="Entry">The cache entry that the verdict is based on; null when there is none.</param>
/// <param name="ProjectRevision">
/// The revision of the project as of which a virtual key is valid, 0 when there is no such project; null otherwise.
/// </param>
internal readonly record struct SecretMatch(
    CachedVerdict Result,
    CachedSecret? Secret = null,
    DateTimeOffset At = default,
    CacheEntry? Entry = null,
    long? ProjectRevision = null)
{
    public Verdict Verdict => Result.Verdict;
}
