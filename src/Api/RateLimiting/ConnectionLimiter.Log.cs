using System.Net;

namespace KeysCluster.Api.RateLimiting;

internal sealed partial class ConnectionLimiter
{
    [LoggerMessage(420, LogLevel.Warning,
        "Connection from {Address} closed: its address has {Limit} open connections, the limit. "
        + "{Suppressed} closed connections from this address were suppressed since the last message.")]
    private static partial void LogRefused(ILogger logger, IPAddress address, int limit, long suppressed);
}
