using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace KeysCluster;

/// <summary>
/// The text of every id: a prefix and a ULID. The prefix keeps storage from parsing the text as a number or a GUID,
/// which would map different ids to one row.
/// </summary>
internal static class PrefixedUlid
{
    /// <summary>The number of characters of a ULID.</summary>
    public const int UlidLength = 26;

    /// <summary>The characters of Crockford base32, in which ULIDs and secrets are written.</summary>
    public static SearchValues<char> Alphabet { get; } = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    public static string New(string prefix, DateTimeOffset now) => prefix + Ulid.NewUlid(now);

    public static string FromBits(string prefix, ReadOnlySpan<byte> bits) => prefix + new Ulid(bits);

    /// <summary>Returns the id that sorts next after a valid one.</summary>
    public static string Increment(string prefix, string text)
    {
        Span<byte> bits = stackalloc byte[16];
        Ulid.Parse(text.AsSpan(prefix.Length)).TryWriteBytes(bits);
        BinaryPrimitives.WriteUInt128BigEndian(bits, BinaryPrimitives.ReadUInt128BigEndian(bits) + 1);
        return FromBits(prefix, bits);
    }

    /// <summary>
    /// True only for the canonical text: the prefix and 26 upper-case characters of Crockford base32.
    /// </summary>
    public static bool IsValid(string prefix, [NotNullWhen(true)] string? text) =>
        text is not null
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && IsUlid(text.AsSpan(prefix.Length));

    /// <summary>True for a ULID in canonical text: 26 characters of the alphabet, no more than 128 bits.</summary>
    public static bool IsUlid(ReadOnlySpan<char> text) =>
        text.Length == UlidLength && text[0] <= '7' && !text.ContainsAnyExcept(Alphabet);

    /// <summary>Writes an id without allocating a string.</summary>
    public static void Format(string prefix, ReadOnlySpan<char> ulid, Span<char> destination)
    {
        prefix.CopyTo(destination);
        ulid.CopyTo(destination[prefix.Length..]);
    }

    public static FormatException InvalidId(string text, string kind) => new($"'{text}' is not a {kind} id.");
}
