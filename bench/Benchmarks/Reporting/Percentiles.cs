namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Of a number of values, one at least.</summary>
internal sealed record Percentiles(double P50, double P99, double Max)
{
    public static Percentiles From(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Percentiles(sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], sorted[^1]);
    }
}
