using System.Globalization;
using System.Text;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Writes tables, and figures as they stand in them.</summary>
internal static class MarkdownTable
{
    public static void Table(this StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        Row(text, head);
        Row(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) Row(text, row);
    }

    public static string Range(Spread spread) => $"{Figure(spread.Min)} – {Figure(spread.Max)}";

    public static string Figure(double value) => RoundedNumber.Text(value);

    public static string Figure(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
