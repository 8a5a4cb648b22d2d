namespace KeysCluster.Benchmarks.Loads;

/// <summary>Calls of one kind, kept up by a number of callers of which each begins its next call when its last has ended.</summary>
internal interface ILoad
{
    string Name { get; }

    Task<LoadResult> RunAsync(int callers, TimeSpan duration);
}

/// <summary>What a load came to.</summary>
/// <param name="PerSecond">Calls that were answered.</param>
/// <param name="P50Microseconds">Of those.</param>
/// <param name="P99Microseconds">Of those.</param>
/// <param name="TimedOut">Calls that were given up.</param>
internal sealed record LoadResult(double PerSecond, double P50Microseconds, double P99Microseconds, long TimedOut = 0);
