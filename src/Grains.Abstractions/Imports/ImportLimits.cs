using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Imports;

/// <summary>Limits of keys that are imported from other systems.</summary>
public static class ImportLimits
{
    private static readonly SearchValues<char> VisibleAscii =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character)]);

    /// <summary>The maximum number of keys of one import.</summary>
    public const int MaxKeys = 500;

    /// <summary>The maximum number of digests of one search.</summary>
    public const int MaxDigests = 1000;

    /// <summary>The minimum number of characters of a secret that may be one of another system.</summary>
    public const int MinSecretLength = 8;

    /// <summary>The maximum number of characters of a secret that may be one of another system.</summary>
    public const int MaxSecretLength = 512;

    /// <summary>The maximum number of characters of a display prefix.</summary>
    public const int MaxDisplayPrefixLength = 32;

    /// <summary>
    /// How old the hash schemes may be that a validator applies, from when it asked a silo or the database for them. An
    /// import waits for longer before it stores the first key of a scheme, so that every validator finds it.
    /// </summary>
    public static readonly TimeSpan MaxSchemeAge = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Returns whether a presented text may be a secret of another system: visible ASCII characters, which is what an
    /// HTTP header can contain.
    /// </summary>
    public static bool MayBeSecret([NotNullWhen(true)] string? text) =>
        text is { Length: >= MinSecretLength and <= MaxSecretLength }
        && !text.AsSpan().ContainsAnyExcept(VisibleAscii);
}
