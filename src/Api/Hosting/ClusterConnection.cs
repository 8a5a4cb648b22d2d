namespace KeysCluster.Api.Hosting;

/// <summary>
/// A front end that starts before its cluster waits for it: the order in which an orchestrator starts them does not matter.
/// </summary>
internal sealed partial class ClusterConnection(TimeProvider time, ILogger<ClusterConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogNotConnected(logger, exception.Message);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster cannot be reached yet, trying again: {Reason}")]
    private static partial void LogNotConnected(ILogger logger, string reason);
}
