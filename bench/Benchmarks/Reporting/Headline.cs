namespace KeysCluster.Benchmarks.Reporting;

/// <summary>A figure with a target.</summary>
/// <param name="Name">The name of the figure in the JSON report.</param>
/// <param name="Description">The description of the figure for people.</param>
/// <param name="Target">The worst value that reaches the target.</param>
/// <param name="Bound">Whether better values are lower or higher than the target.</param>
/// <param name="Measured">The value; null when its part was not measured.</param>
internal sealed record Headline(string Name, string Description, double Target, Bound Bound, double? Measured)
{
    /// <summary>Whether the target is reached; null when the part was not measured.</summary>
    public bool? IsReached => Measured is not { } measured
        ? null
        : Bound == Bound.AtMost ? measured <= Target : measured >= Target;
}
