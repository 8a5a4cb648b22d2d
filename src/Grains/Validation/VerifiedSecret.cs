using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>A secret that was presented and matched what storage keeps of it.</summary>
internal sealed class VerifiedSecret(in Fingerprint fingerprint, StoredSecret secret, long reportedAtTicks = 0)
    : UsedSecret(fingerprint, reportedAtTicks)
{
    public StoredSecret Secret => secret;

    /// <summary>The last verdict on it; null before the first.</summary>
    public TimedVerdict? Verdict { get; set; }

    public override SecretId Id => SecretId.Parse(secret.Id);

    /// <summary>The same secret in a state that was read or written later.</summary>
    public VerifiedSecret In(StoredSecret later) => new(Fingerprint, later, ReportedAtTicks);
}
