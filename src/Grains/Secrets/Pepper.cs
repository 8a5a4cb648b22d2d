using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Closes a content that only this pepper opens, and only for the same owner.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> content, string owner) =>
        SealedBox.Close(_key, "receipt"u8, content, Encoding.ASCII.GetBytes(owner));

    /// <summary>Opens what <see cref="Seal"/> closed.</summary>
    internal byte[] Open(ReadOnlySpan<byte> box, string owner) =>
        SealedBox.Open(_key, "receipt"u8, box, Encoding.ASCII.GetBytes(owner));
}
