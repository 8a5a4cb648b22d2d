using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Blake3;

namespace KeysCluster.Secrets;

/// <summary>
/// What this process recognises a secret by in its memory, where it stands for the secret's text as safely as a
/// <see cref="SecretDigest"/> and is made in a fraction of the time. It never leaves the process, and says nothing to another
/// one. Source: docs/adr/0010-fingerprints.md.
/// </summary>
internal readonly struct Fingerprint
{
    private const int KeyLength = 32;
    private const int MaxSecretLength = 128;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(KeyLength);

    private readonly Vector256<byte> _bytes;

    private Fingerprint(ReadOnlySpan<byte> bytes) => _bytes = Vector256.Create(bytes);

    /// <summary>
    /// Of a secret's text, at most 128 ASCII characters: BLAKE3 of this process's key and the text. Unlike SHA-256, BLAKE3
    /// may be keyed by what is hashed first: who knows one fingerprint cannot extend it.
    /// </summary>
    public static Fingerprint Of(ReadOnlySpan<char> secret)
    {
        Span<byte> keyed = stackalloc byte[KeyLength + MaxSecretLength];
        Key.CopyTo(keyed);
        var length = KeyLength + Encoding.ASCII.GetBytes(secret, keyed[KeyLength..]);
        Span<byte> hash = stackalloc byte[Hash.Size];
        Hasher.Hash(keyed[..length], hash);
        CryptographicOperations.ZeroMemory(keyed);
        return new Fingerprint(hash);
    }

    /// <summary>Of a secret of which only the digest is known here: the digest.</summary>
    public static Fingerprint Of(in SecretDigest digest)
    {
        Span<byte> bytes = stackalloc byte[SecretDigest.Length];
        digest.CopyTo(bytes);
        return new Fingerprint(bytes);
    }

    /// <summary>Whether two fingerprints are the same, in a time that does not tell how much of them is.</summary>
    public bool FixedTimeEquals(in Fingerprint other) => (_bytes ^ other._bytes) == Vector256<byte>.Zero;

    /// <summary>A fixed text: a fingerprint stays out of logs and traces.</summary>
    public override string ToString() => "(fingerprint)";
}
