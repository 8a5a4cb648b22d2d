namespace KeysCluster.Benchmarks.Reporting;

/// <summary>A figure that this service sets out to reach.</summary>
/// <param name="Name">In the report for programs.</param>
/// <param name="Description">What it tells.</param>
/// <param name="Target">The worst value that reaches it.</param>
/// <param name="Bound">Which side of the target is the good one.</param>
/// <param name="Measured">Null when its part was not measured.</param>
internal sealed record Headline(string Name, string Description, double Target, Bound Bound, double? Measured)
{
    /// <summary>Null when it was not measured.</summary>
    public bool? IsReached => Measured is not { } measured
        ? null
        : Bound == Bound.AtMost ? measured <= Target : measured >= Target;
}

/// <summary>Which side of a target is the good one.</summary>
internal enum Bound
{
    AtMost,
    AtLeast,
}
