using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Receipts;

/// <summary>
/// The grain's seal on a receipt's secret: AES-256-GCM under a key that HKDF derives from the pepper for this receipt.
/// Beneath it the caller's own seal stays closed. Source: docs/adr/0005-idempotency.md.
/// </summary>
internal static class PepperSeal
{
    private const int SaltLength = 32;

    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public static byte[] Seal(Pepper pepper, ReadOnlySpan<byte> content, string owner)
    {
        var sealedContent = new byte[SaltLength + TagLength + content.Length];
        var salt = sealedContent.AsSpan(0, SaltLength);
        RandomNumberGenerator.Fill(salt);
        using var aes = Cipher(pepper, salt);

        // Each key seals once, so that its nonce may be fixed.
        aes.Encrypt(
            new byte[AesGcm.NonceByteSizes.MaxSize],
            content,
            sealedContent.AsSpan(SaltLength + TagLength),
            sealedContent.AsSpan(SaltLength, TagLength),
            System.Text.Encoding.ASCII.GetBytes(owner));
        return sealedContent;
    }

    /// <exception cref="CryptographicException">It was sealed under another pepper or for another owner, or altered.</exception>
    public static byte[] Open(Pepper pepper, ReadOnlySpan<byte> sealedContent, string owner)
    {
        var content = new byte[sealedContent.Length - SaltLength - TagLength];
        using var aes = Cipher(pepper, sealedContent[..SaltLength]);
        aes.Decrypt(
            new byte[AesGcm.NonceByteSizes.MaxSize],
            sealedContent[(SaltLength + TagLength)..],
            sealedContent.Slice(SaltLength, TagLength),
            content,
            System.Text.Encoding.ASCII.GetBytes(owner));
        return content;
    }

    private static AesGcm Cipher(Pepper pepper, ReadOnlySpan<byte> salt) =>
        new(pepper.DeriveKey("receipt"u8, salt), TagLength);
}
