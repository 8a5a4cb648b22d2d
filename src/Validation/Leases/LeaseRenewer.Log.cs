using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Leases;

internal abstract partial class LeaseRenewer
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Lease {LeaseId} acquired.")]
    private static partial void LogAcquired(ILogger logger, Guid leaseId);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning,
        Message = "Lease {LeaseId} lost; cache cleared, acquiring a new lease.")]
    private static partial void LogLost(ILogger logger, Guid leaseId);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning,
        Message = "Lease renewal failed; the cache is disabled once the lease has expired. Retrying: {Reason}")]
    private static partial void LogRenewalFailed(ILogger logger, string reason);
}
