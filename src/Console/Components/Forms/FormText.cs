namespace KeysCluster.WebConsole.Components.Forms;

/// <summary>Texts of forms that contain lists, or nothing.</summary>
internal static class FormText
{
    private static readonly char[] Separators = [' ', '\t', ',', ';'];

    public static string JoinLines(IEnumerable<string> entries) => string.Join('\n', entries);

    public static IReadOnlyList<string> SplitLines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns the entries of a list that is separated by line breaks, commas or spaces.</summary>
    /// <param name="text">The list.</param>
    /// <param name="known">Entries that may contain separators: their lines are not split.</param>
    public static IReadOnlyList<string> SplitList(string text, IReadOnlyList<string> known) =>
    [
        .. SplitLines(text)
            .SelectMany(line => known.Contains(line)
                ? [line]
                : line.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
            .Distinct(),
    ];

    public static string? NullIfBlank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
