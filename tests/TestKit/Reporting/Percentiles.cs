namespace KeysCluster.TestKit.Reporting;

/// <summary>Percentiles of at least one value.</summary>
/// <param name="P50">The median.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Max">The highest value.</param>
public sealed record Percentiles(double P50, double P99, double Max)
{
    /// <summary>Computes the percentiles.</summary>
    public static Percentiles From(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Percentiles(sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], sorted[^1]);
    }
}
