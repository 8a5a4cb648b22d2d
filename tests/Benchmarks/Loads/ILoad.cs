namespace KeysCluster.Benchmarks.Loads;

/// <summary>Calls of one kind, kept up by a number of callers of which each begins its next call when its last has ended.</summary>
internal interface ILoad
{
    string Name { get; }

    Task<LoadResult> RunAsync(int callers, TimeSpan duration);
}

/// <summary>What a load came to.</summary>
internal sealed record LoadResult(double PerSecond, double P50Microseconds, double P99Microseconds);
