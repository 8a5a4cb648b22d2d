using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Validation;

/// <summary>A secret that was presented and matched what storage keeps of it.</summary>
internal sealed class VerifiedSecret(SecretDigest digest, StoredSecret secret) : UsedSecret(digest)
{
    public StoredSecret Secret => secret;

    /// <summary>The last verdict on it; null before the first.</summary>
    public TimedVerdict? Verdict { get; set; }

    public override SecretId Id => SecretId.Parse(secret.Id);
}
