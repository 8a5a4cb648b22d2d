namespace KeysCluster.Silo.Erasures;

internal sealed partial class OverdueErasureMonitor
{
    [LoggerMessage(340, LogLevel.Debug, "Counting overdue erasures failed; retrying in {Delay}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, TimeSpan delay);
}
