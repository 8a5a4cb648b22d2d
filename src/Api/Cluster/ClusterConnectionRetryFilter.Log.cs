namespace KeysCluster.Api.Cluster;

internal sealed partial class ClusterConnectionRetryFilter
{
    [LoggerMessage(401, LogLevel.Warning, "The cluster cannot be reached yet; retrying in {Delay}: {Reason}")]
    private static partial void LogNotConnected(ILogger logger, TimeSpan delay, string reason);
}
