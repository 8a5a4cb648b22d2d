namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The kind of a target.</summary>
internal enum Bound
{
    AtMost,
    AtLeast,
}
