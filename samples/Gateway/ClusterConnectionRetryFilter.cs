namespace KeysCluster.Samples.Gateway;

/// <summary>A service that starts before its cluster waits for it.</summary>
internal static class ClusterConnectionRetryFilter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        await Task.Delay(RetryDelay, cancellationToken);
        return true;
    }
}
