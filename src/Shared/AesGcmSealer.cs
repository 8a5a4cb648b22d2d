using System.Security.Cryptography;

namespace KeysCluster.Cryptography;

// Encrypts with AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from a fresh salt for each message:
// salt (32) + tag (16) + ciphertext. Because each derived key encrypts one message, the nonce is constant.
//
// Compiled into each project that uses it. These are not documentation comments: the generator of the OpenAPI document
// fails when a project and one that it references have the same ones.
internal static class AesGcmSealer
{
    private const int SaltLength = 32;
    private const int TagLength = 16;
    private const int HeaderLength = SaltLength + TagLength;

    private static readonly byte[] Nonce = new byte[AesGcm.NonceByteSizes.MaxSize];

    // Encrypts a content. The purpose separates the keys of different uses of the same key material. Open needs the
    // same associated data, which is authenticated with the content.
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

    // Decrypts what Seal returned. Throws a CryptographicException if the key, purpose or associated data differ, or
    // the message was altered.
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
