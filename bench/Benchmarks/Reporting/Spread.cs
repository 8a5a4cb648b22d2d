namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The median and the range of a figure over the rounds of a run.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread From(IEnumerable<double> rounds)
    {
        var sorted = rounds.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
