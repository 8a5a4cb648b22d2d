namespace KeysCluster.Api.Authentication;

internal sealed partial class AdminKeys
{
    [LoggerMessage(412, LogLevel.Information, "Admin keys reloaded; accepted names: {Names}.")]
    private static partial void LogReloaded(ILogger logger, string names);

    [LoggerMessage(413, LogLevel.Error,
        "Reload of the admin keys refused; the previous ones remain in effect. {Errors}")]
    private static partial void LogReloadRefused(ILogger logger, string errors);
}
