namespace KeysCluster.Grains.Storage;

/// <summary>The limit of a page, so that no caller reads the whole database into a silo.</summary>
internal static class ListLimits
{
    private const int MaxPageSize = 1000;

    /// <exception cref="ArgumentOutOfRangeException">The limit is not between 1 and 1,000.</exception>
    public static void Check(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageSize);
    }
}
