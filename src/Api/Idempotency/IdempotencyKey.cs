using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Idempotency;

/// <summary>
/// What a client sends as <c>Idempotency-Key</c>. Known here for the length of a request and stored nowhere: the secret in
/// a receipt is sealed under it, and the grain knows a digest of it. Source: docs/adr/0005-idempotency.md.
/// </summary>
internal sealed class IdempotencyKey
{
    public const string HeaderName = "Idempotency-Key";
    public const string ReplayedHeaderName = "Idempotent-Replayed";
    public const int MaxLength = 255;

    private readonly byte[] _key;

    private IdempotencyKey(string text) => _key = Encoding.ASCII.GetBytes(text);

    /// <summary>Reads a header's text; null unless it is 1 to 255 printable ASCII characters.</summary>
    public static IdempotencyKey? TryParse(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(c => c is >= ' ' and <= '~') ? new IdempotencyKey(text) : null;

    /// <summary>Tells the grain whether two requests came under the same key.</summary>
    public SecretDigest Digest() => SecretDigest.Of(Derive("digest"u8));

    /// <summary>
    /// The bits of the id of what a create under this key makes: a retry derives the same ones and so finds the first
    /// attempt's grain.
    /// </summary>
    /// <param name="scope">Where the key counts: the project, for a virtual key.</param>
    /// <param name="attempt">From 0; the next one when what an earlier one made is older than its receipt.</param>
    public byte[] IdBits(string scope, int attempt) =>
        Derive(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id {scope} {attempt}")))[..16];

    /// <summary>Closes a text so that this key alone opens it.</summary>
    public byte[] Seal(string text) => SealedBox.Close(_key, "seal"u8, Encoding.ASCII.GetBytes(text), place: []);

    /// <summary>Opens what <see cref="Seal"/> closed.</summary>
    /// <exception cref="CryptographicException">Another key closed it, or it was altered.</exception>
    public string Open(ReadOnlySpan<byte> box) => Encoding.ASCII.GetString(SealedBox.Open(_key, "seal"u8, box, place: []));

    /// <summary>Never the key.</summary>
    public override string ToString() => "(idempotency key)";

    private byte[] Derive(ReadOnlySpan<byte> use)
    {
        var derived = new byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, derived, salt: [], use);
        return derived;
    }
}
