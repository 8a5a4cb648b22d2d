using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Leases;

// The id of a lease is a secret: whoever knows it can acknowledge invalidations for the holder.
internal abstract partial class LeaseRenewer
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Lease acquired.")]
    private static partial void LogAcquired(ILogger logger);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning,
        Message = "Lease lost; cache cleared, acquiring a new lease.")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning,
        Message = "Lease renewal failed; the cache is disabled once the lease has expired. Retrying: {Reason}")]
    private static partial void LogRenewalFailed(ILogger logger, string reason);
}
