namespace KeysCluster.Api.Cluster;

/// <summary>
/// Retries the first connection to the cluster without a limit, so that an orchestrator can start front ends and silos
/// in any order.
/// </summary>
internal sealed partial class ClusterConnectionRetryFilter(
    TimeProvider time, ILogger<ClusterConnectionRetryFilter> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNotConnected(logger, RetryDelay, exception.Message);
        await Task.Delay(RetryDelay, time, cancellationToken);
        return true;
    }
}
