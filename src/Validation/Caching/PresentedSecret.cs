using System.Diagnostics.CodeAnalysis;
using KeysCluster.Secrets;

namespace KeysCluster.Validation.Caching;

/// <summary>
/// A presented secret: its text, or only its digest when it arrived in a grain call, or the digest by which the secret
/// of another system was found. The digest of a text is computed on demand, because a cached secret is found by its
/// fingerprint alone.
/// </summary>
internal readonly struct PresentedSecret
{
    private readonly Secret? _secret;
    private readonly Sha256Digest _digest;
    private readonly SecretFingerprint _fingerprint;

    public PresentedSecret(Secret secret) =>
        (_secret, _fingerprint) = (secret, SecretFingerprint.From(secret.Reveal()));

    public PresentedSecret(in Sha256Digest digest) =>
        (_digest, _fingerprint) = (digest, SecretFingerprint.From(digest));

    public PresentedSecret(in SecretFingerprint fingerprint, in Sha256Digest digest) =>
        (_fingerprint, _digest) = (fingerprint, digest);

    [UnscopedRef]
    public ref readonly SecretFingerprint Fingerprint => ref _fingerprint;

    public Sha256Digest ComputeDigest() => _secret is { } secret ? secret.ComputeDigest() : _digest;

    /// <summary>Returns a constant text, never the secret.</summary>
    public override string ToString() => "(secret)";
}
