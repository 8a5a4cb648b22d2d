namespace KeysCluster.Silo.Peppers;

internal sealed partial class PepperReloadService
{
    [LoggerMessage(330, LogLevel.Information, "Peppers reloaded: {Names}; the current one is {Current}.")]
    private static partial void LogReloaded(ILogger logger, string names, string current);

    [LoggerMessage(331, LogLevel.Error,
        "Reload of the peppers refused; the previous ones remain in effect. {Errors}")]
    private static partial void LogReloadRefused(ILogger logger, string errors);

    [LoggerMessage(332, LogLevel.Warning,
        "The current pepper could not be registered in the database; the next start of a silo registers it.")]
    private static partial void LogRegistrationFailed(ILogger logger, Exception exception);
}
