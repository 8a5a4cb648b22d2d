using System.Globalization;
using System.Text;

namespace KeysCluster.Api.Http;

/// <summary>
/// Rules for texts that people read. Characters that are invisible, or reverse the text around them, make a name look
/// like another one.
/// </summary>
internal static class VisibleText
{
    /// <summary>Persian needs it between letters.</summary>
    private const int ZeroWidthNonJoiner = 0x200C;

    /// <summary>Emoji and Indic scripts need it between characters.</summary>
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The first code point after the Latin letters, which no joiner changes.</summary>
    private const int AfterLatin = 0x0300;

    /// <summary>Symbols without ink: BRAILLE PATTERN BLANK and MUSICAL SYMBOL NULL NOTEHEAD.</summary>
    private static readonly int[] Blanks = [0x2800, 0x1D159];

    /// <summary>
    /// Ranges of what is displayed as nothing, besides the category Format: the property Default_Ignorable_Code_Point
    /// of Unicode 16, without <see cref="Selectors"/>.
    /// </summary>
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x2065, 0x2065), (0x3164, 0x3164),
        (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF),
    ];

    /// <summary>Ranges of selectors, which choose a form of the character before them.</summary>
    private static readonly (int First, int Last)[] Selectors =
        [(0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)];

    private enum Kind
    {
        Hidden,
        Blank,
        Visible,
        Mark,
        Selector,
        Joiner,
    }

    /// <summary>Returns the number of Unicode code points, which JSON Schema counts as well.</summary>
    public static int GetLength(string text) => text.EnumerateRunes().Count();

    /// <summary>Returns whether a text has a character that can be seen.</summary>
    public static bool HasVisible(string text) =>
        text.EnumerateRunes().Any(rune => GetKind(rune) is Kind.Visible or Kind.Mark);

    /// <summary>Returns whether all of a text is displayed in its order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isMultiline">Whether tabs and line breaks are allowed.</param>
    public static bool IsValid(string text, bool isMultiline = false)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        for (var i = 0; i < runes.Length; i++)
        {
            var isAccepted = GetKind(runes[i]) switch
            {
                Kind.Hidden => isMultiline && runes[i].Value is ('\t' or '\n' or '\r'),
                Kind.Selector => i > 0 && IsVisible(runes[i - 1]),
                Kind.Joiner => i > 0 && IsJoined(runes[i - 1], i + 1 < runes.Length ? runes[i + 1] : null),
                _ => true,
            };
            if (!isAccepted) return false;
        }

        return true;
    }

    /// <summary>Returns whether a joiner between two characters may change how they look.</summary>
    private static bool IsJoined(Rune before, Rune? after) => GetKind(before) switch
    {
        // The end of a word in Indic scripts.
        Kind.Mark => true,
        Kind.Visible => before.Value >= AfterLatin && IsVisible(after),
        Kind.Selector => IsVisible(after),
        _ => false,
    };

    private static bool IsVisible(Rune? rune) => rune is { } given && GetKind(given) is (Kind.Visible or Kind.Mark);

    private static Kind GetKind(Rune rune)
    {
        if (rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner) return Kind.Joiner;
        if (Contains(Selectors, rune.Value)) return Kind.Selector;
        if (Contains(Ignorable, rune.Value)) return Kind.Hidden;
        if (Blanks.Contains(rune.Value)) return Kind.Blank;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format => Kind.Hidden,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Kind.Hidden,
            UnicodeCategory.SpaceSeparator => Kind.Blank,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Kind.Mark,
            _ => Kind.Visible,
        };
    }

    private static bool Contains((int First, int Last)[] ranges, int value) =>
        Array.Exists(ranges, range => value >= range.First && value <= range.Last);
}
