namespace KeysCluster.Benchmarks.Loads;

/// <summary>
/// Calls of one kind by a number of callers. Each caller starts its next call when its previous one has ended.
/// </summary>
internal interface ILoad
{
    string Name { get; }

    Task<LoadResult> RunAsync(int callers, TimeSpan duration);
}
