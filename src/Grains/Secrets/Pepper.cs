using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Cryptography;

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

    /// <summary>Derives a key of 32 bytes for one purpose, which reveals nothing about the pepper.</summary>
    public byte[] DeriveKey(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _key, outputLength: 32, info: Encoding.ASCII.GetBytes(purpose));

    /// <summary>Computes the hash by which storage identifies a secret or an idempotency key.</summary>
    internal byte[] Hash(Sha256Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        digest.CopyTo(bytes);
        return HMACSHA256.HashData(_key, bytes);
    }

    /// <summary>Derives the 128 bits of the id of a resource that is created under an idempotency key.</summary>
    internal byte[] DeriveIdBits(Sha256Digest keyDigest, string scope, long day)
    {
        var bits = new byte[16];
        var purpose = string.Create(CultureInfo.InvariantCulture, $"id {scope} {day}");
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, _key, bits, salt: keyDigest.ToArray(), Encoding.ASCII.GetBytes(purpose));
        return bits;
    }

    /// <summary>Encrypts a content for one owner.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> content, string owner) =>
        AesGcmSealer.Seal(_key, "receipt"u8, content, Encoding.ASCII.GetBytes(owner));

    /// <summary>Decrypts what <see cref="Seal"/> returned for the same owner.</summary>
    internal byte[] Open(ReadOnlySpan<byte> message, string owner) =>
        AesGcmSealer.Open(_key, "receipt"u8, message, Encoding.ASCII.GetBytes(owner));
}
