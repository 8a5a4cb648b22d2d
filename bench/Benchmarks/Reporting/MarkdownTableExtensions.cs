using System.Globalization;
using System.Text;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes tables, and figures as they stand in them.</summary>
internal static class MarkdownTableExtensions
{
    public static void AppendTable(this StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        AppendRow(text, head);
        AppendRow(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) AppendRow(text, row);
    }

    public static string FormatRange(Spread spread) => $"{FormatFigure(spread.Min)} – {FormatFigure(spread.Max)}";

    public static string FormatFigure(double value) => RoundedDoubleConverter.Format(value);

    public static string FormatFigure(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void AppendRow(StringBuilder text, string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
