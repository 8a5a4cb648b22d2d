using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using SimpleBase;

namespace KeysCluster.Secrets;

/// <summary>
/// What authenticates: <c>prefix + random + owner + checksum</c>, one alphabet (Crockford base32, upper case) after
/// the prefix. Holds the text in memory only for as long as its owner needs it; <see cref="ToString"/> never shows it.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>random: 32 characters, 160 bits. The first 6 are shown as part of the display prefix; 130 bits stay unseen.</item>
/// <item>owner: 26 characters, the ULID of the virtual key or project that the secret belongs to.</item>
/// <item>checksum: 7 characters, CRC-32 over everything before it. It catches typos and garbage, not forgers.</item>
/// </list>
/// Source: docs/adr/0001-secret-format.md.
/// </remarks>
public readonly struct Secret
{
    private const int RandomBytes = 20;
    private const int RandomLength = 32;
    private const int ShownRandomLength = 6;
    private const int OwnerLength = 26;
    private const int ChecksumLength = 7;
    private const int BodyLength = RandomLength + OwnerLength + ChecksumLength;
    private const int MaxPrefixLength = 16;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    private readonly string _text;
    private readonly int _prefixLength;

    private Secret(string text, int prefixLength) => (_text, _prefixLength) = (text, prefixLength);

    /// <summary>The ULID text of the virtual key or project that this secret names.</summary>
    public ReadOnlySpan<char> Owner => _text.AsSpan(_prefixLength + RandomLength, OwnerLength);

    /// <summary>What people may see of it, enough to tell two secrets of one key apart.</summary>
    public string DisplayPrefix => _text[..(_prefixLength + ShownRandomLength)];

    /// <summary>Makes a new secret from a cryptographic random source.</summary>
    /// <param name="prefix">Says what the secret is for, at most 16 ASCII characters.</param>
    /// <param name="owner">A ULID in its canonical text.</param>
    public static Secret Mint(string prefix, ReadOnlySpan<char> owner)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, MaxPrefixLength);
        if (!IsUlid(owner)) throw new ArgumentException("The owner is not a ULID in its canonical text.", nameof(owner));

        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        var body = string.Concat(prefix, Base32.Crockford.Encode(random), owner);
        CryptographicOperations.ZeroMemory(random);

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(body, checksum);
        return new Secret(string.Concat(body, checksum), prefix.Length);
    }

    /// <summary>Reads a presented text; false when it cannot be a secret with this prefix, whoever made it.</summary>
    public static bool TryParse(string? text, string prefix, out Secret secret)
    {
        secret = default;
        if (text is null || text.Length != prefix.Length + BodyLength) return false;
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        if (text.AsSpan(prefix.Length).ContainsAnyExcept(Alphabet)) return false;

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(text.AsSpan(0, text.Length - ChecksumLength), checksum);
        if (!text.AsSpan(text.Length - ChecksumLength).SequenceEqual(checksum)) return false;

        var parsed = new Secret(text, prefix.Length);
        if (!IsUlid(parsed.Owner)) return false;
        secret = parsed;
        return true;
    }

    /// <summary>The digest that stands for this secret in grain calls.</summary>
    public SecretDigest Digest() => SecretDigest.Of(_text);

    /// <summary>What this process recognises this secret by in its memory.</summary>
    internal Fingerprint Fingerprint() => Secrets.Fingerprint.Of(_text);

    /// <summary>The whole secret, for the one answer that hands it to its owner.</summary>
    public string Reveal() => _text;

    /// <summary>The display prefix, never the secret.</summary>
    public override string ToString() => _text is null ? "(none)" : $"{DisplayPrefix}…";

    /// <summary>True for a ULID in canonical text: 26 characters of the alphabet, no more than 128 bits.</summary>
    internal static bool IsUlid(ReadOnlySpan<char> text) =>
        text.Length == OwnerLength && text[0] <= '7' && !text.ContainsAnyExcept(Alphabet);

    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum)
    {
        Span<byte> ascii = stackalloc byte[MaxPrefixLength + BodyLength];
        var length = Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.HashToUInt32(ascii[..length]));
        Base32.Crockford.TryEncode(crc, checksum, out _);
    }
}
