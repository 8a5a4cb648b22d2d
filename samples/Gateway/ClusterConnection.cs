namespace KeysCluster.Samples.Gateway;

/// <summary>A service that starts before its cluster waits for it.</summary>
internal static class ClusterConnection
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, cancellationToken);
        return true;
    }
}
