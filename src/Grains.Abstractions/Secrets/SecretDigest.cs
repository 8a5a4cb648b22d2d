using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Secrets;

/// <summary>
/// SHA-256 of a secret's text: the only thing derived from a secret that crosses a grain call. The secrets carry 160
/// random bits, so the digest cannot be searched back; storage keeps a keyed hash of it and not the digest itself.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.SecretDigest")]
public readonly struct SecretDigest
{
    /// <summary>Bytes in a digest.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const int MaxSecretLength = 128;

    [Id(0)] private readonly ulong _a;
    [Id(1)] private readonly ulong _b;
    [Id(2)] private readonly ulong _c;
    [Id(3)] private readonly ulong _d;

    private SecretDigest(ReadOnlySpan<ulong> words) => (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);

    /// <summary>Digests a secret's text, at most 128 ASCII characters.</summary>
    public static SecretDigest Of(ReadOnlySpan<char> secret)
    {
        Span<byte> ascii = stackalloc byte[MaxSecretLength];
        var length = Encoding.ASCII.GetBytes(secret, ascii);
        var digest = Of(ascii[..length]);
        CryptographicOperations.ZeroMemory(ascii);
        return digest;
    }

    /// <summary>Digests bytes.</summary>
    public static SecretDigest Of(ReadOnlySpan<byte> content)
    {
        Span<ulong> words = stackalloc ulong[Length / sizeof(ulong)];
        SHA256.HashData(content, MemoryMarshal.AsBytes(words));
        return new SecretDigest(words);
    }

    /// <summary>Writes the digest's 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        ReadOnlySpan<ulong> words = [_a, _b, _c, _d];
        MemoryMarshal.AsBytes(words).CopyTo(destination);
    }

    /// <summary>Whether two digests are the same, in a time that does not tell how much of them is.</summary>
    public bool FixedTimeEquals(in SecretDigest other) =>
        ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <summary>The digest's 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>A fixed text: a digest stays out of logs and traces.</summary>
    public override string ToString() => "(digest)";
}
