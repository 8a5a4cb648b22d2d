using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

internal sealed partial class LeaseFence
{
    [LoggerMessage(EventId = 230, Level = LogLevel.Warning,
        Message = "Invalidation not acknowledged; waiting until the holders have applied the event log, or their "
            + "leases have expired: {Holders}")]
    private static partial void LogWaiting(ILogger logger, string holders);

    [LoggerMessage(EventId = 232, Level = LogLevel.Warning,
        Message = "Lease of {Holder} is not renewed any more: the client has neither acknowledged an invalidation nor "
            + "applied the event log for the duration of a lease.")]
    private static partial void LogClientLagging(ILogger logger, LeaseHolder holder);

    [LoggerMessage(EventId = 231, Level = LogLevel.Error,
        Message = "Invalidation of {GrainId} could not be confirmed. The change is durable and the caller gets 503; "
            + "the caches apply the event log.")]
    private static partial void LogNotConfirmed(ILogger logger, Exception exception, GrainId grainId);
}
