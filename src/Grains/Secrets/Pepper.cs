using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Cryptography;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The key of the stored hashes. Without it, neither the database nor a copy of it can confirm a guessed secret. Each
/// use has its own HKDF-SHA256 key; the labels are in docs/adr/0023-peppers.md.
/// </summary>
public sealed class Pepper
{
    /// <summary>The minimum number of bytes.</summary>
    public const int MinLength = 32;

    private readonly byte[] _key;
    private readonly byte[] _secretKey;
    private readonly byte[] _idempotencyKey;

    /// <summary>
    /// Creates a pepper whose hashes are those of builds that had one pepper: they use the key material itself.
    /// </summary>
    /// <param name="key">At least <see cref="MinLength"/> bytes of key material.</param>
    public Pepper(ReadOnlySpan<byte> key)
        : this(key, hasHashKeys: false)
    {
    }

    private Pepper(ReadOnlySpan<byte> key, bool hasHashKeys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinLength);
        _key = key.ToArray();
        UsesRawKey = !hasHashKeys;
        _secretKey = hasHashKeys ? DeriveKey("secret/v1") : _key;
        _idempotencyKey = hasHashKeys ? DeriveKey("idempotency-key/v1") : _key;
        var id = hasHashKeys ? DeriveKey("pepper-id/v1") : HMACSHA256.HashData(_key, "pepper id"u8);
        Id = Convert.ToHexStringLower(id)[..16];
    }

    /// <summary>
    /// Identifies the pepper and the form of its hashes without revealing it. It is stored with every hash.
    /// </summary>
    public string Id { get; }

    /// <summary>Whether the hashes use the key material itself, as those of builds that had one pepper.</summary>
    internal bool UsesRawKey { get; }

    /// <summary>Creates a pepper whose hashes of secrets and of idempotency keys use derived keys.</summary>
    /// <param name="key">At least <see cref="MinLength"/> bytes of key material.</param>
    public static Pepper WithHashKeys(ReadOnlySpan<byte> key) => new(key, hasHashKeys: true);

    /// <summary>Derives a key of 32 bytes for one purpose, which reveals nothing about the pepper.</summary>
    public byte[] DeriveKey(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _key, outputLength: 32, info: Encoding.ASCII.GetBytes(purpose));

    /// <summary>Computes the hash by which storage identifies a secret.</summary>
    internal byte[] Hash(Sha256Digest digest) => Hash(_secretKey, digest);

    /// <summary>Computes the hash by which storage identifies an idempotency key.</summary>
    internal byte[] HashIdempotencyKey(Sha256Digest digest) => Hash(_idempotencyKey, digest);

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

    /// <summary>Encrypts a signing secret for one webhook.</summary>
    internal byte[] SealWebhookSecret(ReadOnlySpan<byte> secret, string webhookId) =>
        AesGcmSealer.Seal(_key, "webhook-secret/v1"u8, secret, Encoding.ASCII.GetBytes(webhookId));

    /// <summary>Decrypts what <see cref="SealWebhookSecret"/> returned for the same webhook.</summary>
    internal byte[] OpenWebhookSecret(ReadOnlySpan<byte> message, string webhookId) =>
        AesGcmSealer.Open(_key, "webhook-secret/v1"u8, message, Encoding.ASCII.GetBytes(webhookId));

    private static byte[] Hash(byte[] key, Sha256Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Length];
        digest.CopyTo(bytes);
        return HMACSHA256.HashData(key, bytes);
    }
}
