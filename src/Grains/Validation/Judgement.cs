using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>A verdict, and when one did, the secret that matched.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Secret">The secret that matched.</param>
/// <param name="At">The instant of the verdict.</param>
/// <param name="ReadAt">By the monotonic clock, before the state was read that it comes from.</param>
internal readonly record struct Judgement(
    Verdict Verdict, VerifiedSecret? Secret = null, DateTimeOffset At = default, long ReadAt = 0);
