using System.Security.Cryptography;

namespace KeysCluster.Secrets;

/// <summary>
/// Closes a content with AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives for this content alone:
/// <c>salt (32) + tag (16) + ciphertext</c>. Since each derived key closes one content, its nonce may be fixed.
/// </summary>
internal static class SealedBox
{
    private const int SaltLength = 32;
    private const int HeaderLength = SaltLength + TagLength;
    private const int TagLength = 16;

    private static readonly byte[] Nonce = new byte[AesGcm.NonceByteSizes.MaxSize];

    /// <param name="keyMaterial">What opens the box again.</param>
    /// <param name="use">Tells boxes for different uses apart.</param>
    /// <param name="content">What to close.</param>
    /// <param name="place">Where the box belongs: it does not open elsewhere.</param>
    public static byte[] Close(
        ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> use, ReadOnlySpan<byte> content, ReadOnlySpan<byte> place)
    {
        var box = new byte[HeaderLength + content.Length];
        var salt = box.AsSpan(0, SaltLength);
        RandomNumberGenerator.Fill(salt);
        using var cipher = Cipher(keyMaterial, use, salt);
        cipher.Encrypt(Nonce, content, box.AsSpan(HeaderLength), box.AsSpan(SaltLength, TagLength), place);
        return box;
    }

    /// <exception cref="CryptographicException">It was closed with something else, for somewhere else, or altered.</exception>
    public static byte[] Open(
        ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> use, ReadOnlySpan<byte> box, ReadOnlySpan<byte> place)
    {
        if (box.Length < HeaderLength) throw new CryptographicException("The box is too short.");
        var content = new byte[box.Length - HeaderLength];
        using var cipher = Cipher(keyMaterial, use, box[..SaltLength]);
        cipher.Decrypt(Nonce, box[HeaderLength..], box.Slice(SaltLength, TagLength), content, place);
        return content;
    }

    private static AesGcm Cipher(ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> use, ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyMaterial, key, salt, use);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
