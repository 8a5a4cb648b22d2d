using System.Globalization;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Formats figures for tables.</summary>
internal static class FigureFormat
{
    public static string FormatRange(Spread spread) => $"{FormatFigure(spread.Min)} – {FormatFigure(spread.Max)}";

    public static string FormatFigure(double value) => RoundedDoubleConverter.Format(value);

    public static string FormatFigure(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
