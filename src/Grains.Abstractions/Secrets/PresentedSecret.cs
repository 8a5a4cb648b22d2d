using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Secrets;

/// <summary>
/// A secret that somebody presented: its text, or its digest alone where it came by a grain call. The digest of a text is
/// made when it is asked for, which a secret that memory recognises by its fingerprint does not take.
/// </summary>
internal readonly struct PresentedSecret
{
    private readonly Secret? _secret;
    private readonly SecretDigest _digest;
    private readonly Fingerprint _fingerprint;

    public PresentedSecret(Secret secret) => (_secret, _fingerprint) = (secret, secret.Fingerprint());

    public PresentedSecret(in SecretDigest digest) => (_digest, _fingerprint) = (digest, Secrets.Fingerprint.Of(digest));

    /// <summary>What this process's memory recognises it by.</summary>
    [UnscopedRef]
    public ref readonly Fingerprint Fingerprint => ref _fingerprint;

    /// <summary>What grains and storage know it by.</summary>
    public SecretDigest Digest() => _secret is { } secret ? secret.Digest() : _digest;

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";
}
