using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>A verdict, and when one did, the secret that matched and the instant of the verdict.</summary>
internal readonly record struct Judgement(Verdict Verdict, VerifiedSecret? Secret = null, DateTimeOffset At = default);
