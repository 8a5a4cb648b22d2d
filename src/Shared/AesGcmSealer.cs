using System.Security.Cryptography;

namespace KeysCluster.Cryptography;

/// <summary>
/// Encrypts with AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from a fresh salt for each message:
/// <c>salt (32) + tag (16) + ciphertext</c>. Because each derived key encrypts one message, the nonce is constant.
/// Compiled into each project that uses it.
/// </summary>
internal static class AesGcmSealer
{
    private const int SaltLength = 32;
    private const int TagLength = 16;
    private const int HeaderLength = SaltLength + TagLength;

    private static readonly byte[] Nonce = new byte[AesGcm.NonceByteSizes.MaxSize];

    /// <summary>Encrypts a content.</summary>
    /// <param name="keyMaterial">The secret from which the key is derived.</param>
    /// <param name="purpose">Separates the keys of different uses of the same key material.</param>
    /// <param name="content">The content.</param>
    /// <param name="associatedData">Authenticated with the content: <see cref="Open"/> needs the same bytes.</param>
    public static byte[] Seal(
        ReadOnlySpan<byte> keyMaterial,
        ReadOnlySpan<byte> purpose,
        ReadOnlySpan<byte> content,
        ReadOnlySpan<byte> associatedData)
    {
        var message = new byte[HeaderLength + content.Length];
        var salt = message.AsSpan(0, SaltLength);
        RandomNumberGenerator.Fill(salt);
        using var cipher = CreateCipher(keyMaterial, purpose, salt);
        cipher.Encrypt(
            Nonce, content, message.AsSpan(HeaderLength), message.AsSpan(SaltLength, TagLength), associatedData);
        return message;
    }

    /// <summary>Decrypts what <see cref="Seal"/> returned.</summary>
    /// <exception cref="CryptographicException">
    /// The key, purpose or associated data differ, or the message was altered.
    /// </exception>
    public static byte[] Open(
        ReadOnlySpan<byte> keyMaterial,
        ReadOnlySpan<byte> purpose,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> associatedData)
    {
        if (message.Length < HeaderLength) throw new CryptographicException("The sealed message is too short.");
        var content = new byte[message.Length - HeaderLength];
        using var cipher = CreateCipher(keyMaterial, purpose, message[..SaltLength]);
        cipher.Decrypt(
            Nonce, message[HeaderLength..], message.Slice(SaltLength, TagLength), content, associatedData);
        return content;
    }

    private static AesGcm CreateCipher(
        ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyMaterial, key, salt, purpose);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
