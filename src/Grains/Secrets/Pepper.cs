using System.Security.Cryptography;
using System.Text;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The key of the stored hashes. Without it, neither the database nor a copy of it can confirm a guessed secret.
/// </summary>
public sealed class Pepper
{
    /// <summary>The minimum number of bytes.</summary>
    public const int MinLength = 32;

    private readonly byte[] _key;

    /// <summary>Creates a pepper from at least <see cref="MinLength"/> bytes of key material.</summary>
    public Pepper(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinLength);
        _key = key.ToArray();
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "pepper id"u8))[..16];
    }

    /// <summary>Identifies the pepper without revealing it. It is stored with every hash.</summary>
    public string Id { get; }

    /// <summary>Computes the hash by which storage identifies a secret or an idempotency key.</summary>
    internal byte[] Hash(Sha256Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        digest.CopyTo(bytes);
        return HMACSHA256.HashData(_key, bytes);
    }

    /// <summary>Encrypts a content for one owner.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> content, string owner) =>
        AesGcmSealer.Seal(_key, "receipt"u8, content, Encoding.ASCII.GetBytes(owner));

    /// <summary>Decrypts what <see cref="Seal"/> returned for the same owner.</summary>
    internal byte[] Open(ReadOnlySpan<byte> message, string owner) =>
        AesGcmSealer.Open(_key, "receipt"u8, message, Encoding.ASCII.GetBytes(owner));
}
