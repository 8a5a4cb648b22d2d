namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>What the bars of one color in a plot show.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Style">The class that has the color.</param>
public sealed record PlotSeries(string Name, string Style);
