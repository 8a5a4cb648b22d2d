using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Cryptography;

namespace KeysCluster.Api.Idempotency;

/// <summary>
/// The value of an <c>Idempotency-Key</c> header. It exists only while the request is processed: the grain receives a
/// digest of it, and the secret in the idempotency record is encrypted under it. Source: docs/adr/0005-idempotency.md.
/// </summary>
internal sealed class IdempotencyKey
{
    /// <summary>
    /// An attacker who can guess a key can decrypt the secret of its record, given the database and the pepper.
    /// </summary>
    public const int MinLength = 16;

    public const int MaxLength = 255;

    private readonly byte[] _key;

    private IdempotencyKey(string text) => _key = Encoding.ASCII.GetBytes(text);

    /// <summary>Parses <see cref="MinLength"/> to <see cref="MaxLength"/> printable ASCII characters.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IdempotencyKey? key)
    {
        var isValid = text.Length is >= MinLength and <= MaxLength && text.All(c => c is >= ' ' and <= '~');
        key = isValid ? new IdempotencyKey(text) : null;
        return isValid;
    }

    /// <summary>Returns the digest by which the grain recognizes a retry.</summary>
    public Sha256Digest ComputeDigest()
    {
        var derived = new byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, derived, salt: [], "digest"u8);
        return Sha256Digest.Compute(derived);
    }

    /// <summary>Encrypts a text under this key.</summary>
    public byte[] Seal(string text) =>
        AesGcmSealer.Seal(_key, "seal"u8, Encoding.ASCII.GetBytes(text), associatedData: []);

    /// <summary>Decrypts the result of <see cref="Seal"/>.</summary>
    /// <exception cref="CryptographicException">It was encrypted under another key, or altered.</exception>
    public string Open(ReadOnlySpan<byte> sealedText) =>
        Encoding.ASCII.GetString(AesGcmSealer.Open(_key, "seal"u8, sealedText, associatedData: []));

    /// <summary>Does not contain the key.</summary>
    public override string ToString() => "(idempotency key)";
}
