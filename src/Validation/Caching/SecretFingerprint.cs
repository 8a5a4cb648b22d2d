using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Blake3;

namespace KeysCluster.Validation.Caching;

/// <summary>
/// Identifies a secret in the caches of this process, as securely as a <see cref="Sha256Digest"/> and in a fraction of
/// the time. It is keyed per process and never leaves it. Source: docs/adr/0010-secret-fingerprints.md.
/// </summary>
internal readonly struct SecretFingerprint
{
    /// <summary>The length of the text of <see cref="FormatKey"/>.</summary>
    public const int KeyTextLength = 2 * Sha256Digest.Length;

    private const int KeyLength = 32;
    private const int MaxNativeLength = 128;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(KeyLength);

    private readonly Vector256<byte> _bytes;

    private SecretFingerprint(ReadOnlySpan<byte> bytes) => _bytes = Vector256.Create(bytes);

    /// <summary>
    /// Computes BLAKE3 of the process key and the text of a secret, in ASCII. A key prefix is safe with BLAKE3, unlike
    /// with SHA-256, because BLAKE3 does not permit length extension.
    /// </summary>
    public static SecretFingerprint From(ReadOnlySpan<char> secret)
    {
        Span<byte> keyed = secret.Length <= MaxNativeLength
            ? stackalloc byte[KeyLength + MaxNativeLength]
            : new byte[KeyLength + secret.Length];
        Key.CopyTo(keyed);
        var length = KeyLength + Encoding.ASCII.GetBytes(secret, keyed[KeyLength..]);
        Span<byte> hash = stackalloc byte[Hash.Size];
        Hasher.Hash(keyed[..length], hash);
        CryptographicOperations.ZeroMemory(keyed);
        return new SecretFingerprint(hash);
    }

    /// <summary>Uses the digest itself, for a secret whose text this process has not seen.</summary>
    public static SecretFingerprint From(in Sha256Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        digest.CopyTo(bytes);
        return new SecretFingerprint(bytes);
    }

    /// <summary>Compares two fingerprints in constant time.</summary>
    public bool FixedTimeEquals(in SecretFingerprint other) => (_bytes ^ other._bytes) == Vector256<byte>.Zero;

    /// <summary>
    /// Writes the fingerprint as the key of an entry. The time of a search tells nothing about the secret, because its
    /// fingerprint depends on the key of this process.
    /// </summary>
    /// <param name="destination"><see cref="KeyTextLength"/> characters.</param>
    public void FormatKey(Span<char> destination)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        _bytes.CopyTo(bytes);
        Convert.TryToHexString(bytes, destination, out _);
    }

    /// <summary>Returns a constant text, so that no fingerprint reaches a log or a trace.</summary>
    public override string ToString() => "(fingerprint)";
}
