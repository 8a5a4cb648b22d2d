namespace KeysCluster.Samples.Gateway;

/// <summary>Retries the first connection, so that the service can start before its cluster.</summary>
internal static class ClusterConnectionRetryFilter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        await Task.Delay(RetryDelay, cancellationToken);
        return true;
    }
}
