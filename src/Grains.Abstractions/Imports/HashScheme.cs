using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Imports;

/// <summary>
/// How another system hashed the secrets of the keys that were imported from it. From such a hash, or from the secret
/// itself, follows the digest that represents the secret in grain calls. Source: docs/adr/0030-imported-keys.md.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.HashScheme")]
public sealed class HashScheme
{
    /// <summary>The name of SHA-256.</summary>
    public const string Sha256 = "sha256";

    /// <summary>The name of SHA-512.</summary>
    public const string Sha512 = "sha512";

    /// <summary>The start of the names of HMAC-SHA-256, before the name of its key.</summary>
    public const string HmacSha256Prefix = "hmac-sha256:";

    [Id(0)] private readonly string _name;
    [Id(1)] private readonly byte[]? _hmacKey;

    /// <summary>Creates a scheme.</summary>
    /// <param name="name">
    /// <see cref="Sha256"/>, <see cref="Sha512"/>, or <see cref="HmacSha256Prefix"/> with the name of the key.
    /// </param>
    /// <param name="hmacKey">The key of HMAC-SHA-256; null for the other schemes.</param>
    public HashScheme(string name, byte[]? hmacKey = null) => (_name, _hmacKey) = (name, hmacKey);

    /// <summary>The name of the scheme.</summary>
    public string Name => _name;

    /// <summary>Returns the length of the hashes of a scheme, in bytes.</summary>
    public static int GetHashLength(string name) => name == Sha512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;

    /// <summary>
    /// Returns the digest of the secret with a hash. That of a SHA-256 hash is the hash, as for the secrets of this
    /// service; that of a SHA-512 hash is its SHA-256 hash.
    /// </summary>
    /// <param name="name">The name of the scheme.</param>
    /// <param name="hash">As many bytes as <see cref="GetHashLength"/> returns.</param>
    public static Sha256Digest ToDigest(string name, ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, GetHashLength(name));
        return name == Sha512 ? Sha256Digest.Compute(hash) : Sha256Digest.FromBytes(hash);
    }

    /// <summary>Computes the digest of a presented secret, as UTF-8.</summary>
    public Sha256Digest ComputeDigest(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        Span<byte> hash = stackalloc byte[GetHashLength(_name)];
        if (_hmacKey is not null) HMACSHA256.HashData(_hmacKey, bytes, hash);
        else if (_name == Sha512) SHA512.HashData(bytes, hash);
        else SHA256.HashData(bytes, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return ToDigest(_name, hash);
    }

    /// <summary>Returns the name, never the key.</summary>
    public override string ToString() => _name;
}
