using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

internal sealed partial class LeaseFence
{
    [LoggerMessage(EventId = 230, Level = LogLevel.Warning,
        Message = "Invalidation not acknowledged; waiting for leases to expire: {Holders}")]
    private static partial void LogWaitingForExpiry(ILogger logger, string holders);

    [LoggerMessage(EventId = 231, Level = LogLevel.Error,
        Message = "Invalidation of {Owner} could not be confirmed. The change is durable; the caller gets 503 and the "
            + "invalidation is retried.")]
    private static partial void LogNotConfirmed(ILogger logger, Exception exception, GrainId owner);
}
