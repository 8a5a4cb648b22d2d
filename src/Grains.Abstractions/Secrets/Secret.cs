using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using SimpleBase;

namespace KeysCluster.Secrets;

/// <summary>
/// A credential in the format <c>prefix + random + owner + checksum</c>, in Crockford base32 (upper case) after the
/// prefix.
/// <see cref="ToString"/> returns the display prefix only.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>
/// random: 32 characters, 160 bits. The first 6 are part of the display prefix; 130 bits are never displayed.
/// </item>
/// <item>owner: 26 characters, the ULID of the virtual key or project that the secret belongs to.</item>
/// <item>
/// checksum: 7 characters, CRC-32 of everything before it. It detects typing errors; it is not a signature.
/// </item>
/// </list>
/// Source: docs/adr/0001-secret-format.md.
/// </remarks>
public readonly struct Secret
{
    private const int RandomBytes = 20;
    private const int RandomLength = 32;
    private const int DisplayedRandomLength = 6;
    private const int OwnerLength = PrefixedUlid.UlidLength;
    private const int ChecksumLength = 7;
    private const int BodyLength = RandomLength + OwnerLength + ChecksumLength;
    private const int MaxPrefixLength = 16;

    private readonly string _text;
    private readonly int _prefixLength;

    private Secret(string text, int prefixLength) => (_text, _prefixLength) = (text, prefixLength);

    /// <summary>The ULID of the virtual key or project that this secret names.</summary>
    public ReadOnlySpan<char> OwnerUlid => _text.AsSpan(_prefixLength + RandomLength, OwnerLength);

    /// <summary>The part that may be displayed; it distinguishes the secrets of one key.</summary>
    public string DisplayPrefix => _text[..(_prefixLength + DisplayedRandomLength)];

    /// <summary>Creates a new secret from a cryptographically secure random source.</summary>
    /// <param name="prefix">The kind of the secret, at most 16 ASCII characters.</param>
    /// <param name="owner">A ULID in its canonical text.</param>
    public static Secret Mint(string prefix, ReadOnlySpan<char> owner)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, MaxPrefixLength);
        if (!PrefixedUlid.IsUlid(owner))
            throw new ArgumentException("The owner is not a ULID in canonical text.", nameof(owner));

        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        var body = string.Concat(prefix, Base32.Crockford.Encode(random), owner);
        CryptographicOperations.ZeroMemory(random);

        return WithChecksum(body, prefix.Length);
    }

    /// <summary>Returns the same random part and owner under another prefix.</summary>
    internal Secret WithPrefix(string prefix) =>
        WithChecksum(string.Concat(prefix, _text.AsSpan(_prefixLength, RandomLength + OwnerLength)), prefix.Length);

    /// <summary>Parses a presented text; false when it is not in the format of a secret with this prefix.</summary>
    public static bool TryParse(string? text, string prefix, out Secret secret)
    {
        secret = default;
        if (text is null || text.Length != prefix.Length + BodyLength) return false;
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        if (text.AsSpan(prefix.Length).ContainsAnyExcept(PrefixedUlid.Alphabet)) return false;

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(text.AsSpan(0, text.Length - ChecksumLength), checksum);
        if (!text.AsSpan(text.Length - ChecksumLength).SequenceEqual(checksum)) return false;

        var parsed = new Secret(text, prefix.Length);
        if (!PrefixedUlid.IsUlid(parsed.OwnerUlid)) return false;
        secret = parsed;
        return true;
    }

    /// <summary>Computes the digest that represents this secret in grain calls.</summary>
    public Sha256Digest ComputeDigest() => Sha256Digest.Compute(_text);

    /// <summary>Returns the secret itself. Only the response that hands it to its owner may contain it.</summary>
    public string Reveal() => _text;

    /// <summary>Returns the display prefix, never the secret.</summary>
    public override string ToString() => _text is null ? "(none)" : $"{DisplayPrefix}…";

    private static Secret WithChecksum(string body, int prefixLength)
    {
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(body, checksum);
        return new Secret(string.Concat(body, checksum), prefixLength);
    }

    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum)
    {
        Span<byte> ascii = stackalloc byte[MaxPrefixLength + BodyLength];
        var length = Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.HashToUInt32(ascii[..length]));
        Base32.Crockford.TryEncode(crc, checksum, out _);
    }
}
