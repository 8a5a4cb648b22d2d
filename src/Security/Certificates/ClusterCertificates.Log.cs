using Microsoft.Extensions.Logging;

namespace KeysCluster.Security.Certificates;

internal sealed partial class ClusterCertificates
{
    [LoggerMessage(600, LogLevel.Information,
        "The certificates of the cluster were reloaded; that of this process is valid until {NotAfter:O}.")]
    private static partial void LogReloaded(ILogger logger, DateTime notAfter);

    [LoggerMessage(601, LogLevel.Error,
        "The changed certificate files of the cluster cannot be used, the previous ones remain: {Reason}")]
    private static partial void LogReloadFailed(ILogger logger, string reason);
}
