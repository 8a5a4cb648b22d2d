using System.Globalization;

namespace KeysCluster.Api.Http;

/// <summary>Parses the query parameters of lists.</summary>
internal static class PageQuery
{
    /// <summary>
    /// Parses a whole number from 1 to <paramref name="max"/>. An absent or empty parameter has the default value.
    /// </summary>
    public static bool TryParseNumber(string? text, int max, int defaultValue, out int number)
    {
        number = defaultValue;
        if (string.IsNullOrEmpty(text)) return true;

        // The parser of .NET accepts trailing zero characters.
        return text.All(char.IsAsciiDigit)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= 1
            && number <= max;
    }
}
