using System.Security.Cryptography;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The key of the hashes in storage: without it neither the database nor a copy of it tells whether a guess is right.
/// </summary>
public sealed class Pepper
{
    /// <summary>Fewest bytes accepted.</summary>
    public const int MinLength = 32;

    private readonly byte[] _key;

    /// <summary>Takes the key material, at least <see cref="MinLength"/> bytes.</summary>
    public Pepper(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinLength);
        _key = key.ToArray();
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "pepper id"u8))[..16];
    }

    /// <summary>Names the pepper without telling it; stored beside every hash made with it.</summary>
    public string Id { get; }

    /// <summary>The hash under which storage knows a secret.</summary>
    internal byte[] Hash(SecretDigest digest)
    {
        Span<byte> bytes = stackalloc byte[SecretDigest.Length];
        digest.CopyTo(bytes);
        return HMACSHA256.HashData(_key, bytes);
    }

    /// <summary>A key of 32 bytes for another use, by HKDF (RFC 5869); another salt gives another key.</summary>
    internal byte[] DeriveKey(ReadOnlySpan<byte> use, ReadOnlySpan<byte> salt)
    {
        var key = new byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, use);
        return key;
    }
}
