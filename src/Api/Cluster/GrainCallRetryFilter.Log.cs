namespace KeysCluster.Api.Cluster;

internal sealed partial class GrainCallRetryFilter
{
    [LoggerMessage(402, LogLevel.Warning,
        "Grain call failed; retrying with backoff until the request times out. Reason: {Reason}")]
    private static partial void LogRetry(ILogger logger, string reason);
}
