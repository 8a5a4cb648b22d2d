using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Secrets;

/// <summary>
/// The text of every id: a prefix and a ULID. The prefix keeps storage from parsing the text as a number or a GUID,
/// which would map different ids to one row.
/// </summary>
internal static class PrefixedUlid
{
    public static string New(string prefix, DateTimeOffset now) => prefix + Ulid.NewUlid(now);

    public static string FromBits(string prefix, ReadOnlySpan<byte> bits) => prefix + new Ulid(bits);

    /// <summary>
    /// True only for the canonical text: the prefix and 26 upper-case characters of Crockford base32.
    /// </summary>
    public static bool IsValid(string prefix, [NotNullWhen(true)] string? text) =>
        text is not null
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && Secret.IsUlid(text.AsSpan(prefix.Length));

    /// <summary>Writes an id without allocating a string.</summary>
    public static void Format(string prefix, ReadOnlySpan<char> ulid, Span<char> destination)
    {
        prefix.CopyTo(destination);
        ulid.CopyTo(destination[prefix.Length..]);
    }

    public static FormatException InvalidId(string text, string kind) => new($"'{text}' is not a {kind} id.");
}
