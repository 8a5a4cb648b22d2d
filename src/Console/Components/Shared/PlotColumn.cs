namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>A column of a plot.</summary>
/// <param name="Label">Its time, for people.</param>
/// <param name="Values">The value of each series.</param>
public sealed record PlotColumn(string Label, IReadOnlyList<long> Values)
{
    internal long Total => Values.Sum();
}
