using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Clients;

internal sealed partial class ClientLease
{
    [LoggerMessage(EventId = 103, Level = LogLevel.Error,
        Message = "The clock of this process, {ClientTime:O}, differs from that of a silo, {SiloTime:O}, by more than "
            + "{MaxOffset}; no lease, and nothing is validated from the cache.")]
    private static partial void LogClockOffset(
        ILogger logger, DateTimeOffset clientTime, DateTimeOffset siloTime, TimeSpan maxOffset);
}
