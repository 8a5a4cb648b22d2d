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

    /// <summary>Letters by category, which are displayed as nothing.</summary>
    private static readonly int[] HangulFillers = [0x115F, 0x1160, 0x3164, 0xFFA0];

    /// <summary>Returns the number of Unicode code points, which JSON Schema counts as well.</summary>
    public static int GetLength(string text) => text.EnumerateRunes().Count();

    /// <summary>Returns whether all of a text is displayed in its order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isMultiline">Whether tabs and line breaks are allowed.</param>
    public static bool IsValid(string text, bool isMultiline = false) =>
        text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => isMultiline && rune.Value is ('\t' or '\n' or '\r'),
            UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
            _ => !HangulFillers.Contains(rune.Value),
        });
}
