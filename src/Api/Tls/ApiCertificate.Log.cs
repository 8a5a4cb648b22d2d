namespace KeysCluster.Api.Tls;

internal sealed partial class ApiCertificate
{
    [LoggerMessage(430, LogLevel.Information,
        "The certificate of the API was reloaded; it is valid until {NotAfter:O}.")]
    private static partial void LogReloaded(ILogger logger, DateTime notAfter);

    [LoggerMessage(431, LogLevel.Error,
        "The changed certificate files of the API cannot be used, the previous ones remain: {Reason}")]
    private static partial void LogReloadFailed(ILogger logger, string reason);
}
