using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>A verdict, and the secret that matched, when one did.</summary>
internal readonly record struct Judgement(Verdict Verdict, VerifiedSecret? Secret = null);
