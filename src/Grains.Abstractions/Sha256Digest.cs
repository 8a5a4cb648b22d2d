using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster;

/// <summary>
/// A SHA-256 digest. The digest of a secret is the only value derived from it that a grain call carries. A secret has
/// 160 random bits, so its digest cannot be reversed by search; storage keeps a keyed hash of the digest.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.SecretDigest")]
public readonly struct Sha256Digest
{
    /// <summary>The number of bytes of a digest.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const int MaxSecretLength = 128;

    [Id(0)] private readonly ulong _a;
    [Id(1)] private readonly ulong _b;
    [Id(2)] private readonly ulong _c;
    [Id(3)] private readonly ulong _d;

    private Sha256Digest(ReadOnlySpan<ulong> words) => (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);

    /// <summary>Computes the digest of a secret's text, at most 128 ASCII characters.</summary>
    public static Sha256Digest Compute(ReadOnlySpan<char> secret)
    {
        Span<byte> ascii = stackalloc byte[MaxSecretLength];
        var length = Encoding.ASCII.GetBytes(secret, ascii);
        var digest = Compute(ascii[..length]);
        CryptographicOperations.ZeroMemory(ascii);
        return digest;
    }

    /// <summary>Computes the digest of bytes.</summary>
    public static Sha256Digest Compute(ReadOnlySpan<byte> content)
    {
        Span<ulong> words = stackalloc ulong[Length / sizeof(ulong)];
        SHA256.HashData(content, MemoryMarshal.AsBytes(words));
        return new Sha256Digest(words);
    }

    /// <summary>Creates a digest from its 32 bytes.</summary>
    public static Sha256Digest FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        Span<ulong> words = stackalloc ulong[Length / sizeof(ulong)];
        bytes.CopyTo(MemoryMarshal.AsBytes(words));
        return new Sha256Digest(words);
    }

    /// <summary>Copies the 32 bytes of the digest.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ReadOnlySpan<ulong> words = [_a, _b, _c, _d];
        MemoryMarshal.AsBytes(words).CopyTo(destination);
    }

    /// <summary>Returns the 32 bytes of the digest.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Returns a constant text, so that no digest reaches a log or a trace.</summary>
    public override string ToString() => "(digest)";
}
