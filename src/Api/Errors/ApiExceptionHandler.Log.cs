namespace KeysCluster.Api.Errors;

internal sealed partial class ApiExceptionHandler
{
    [LoggerMessage(400, LogLevel.Error, "Unhandled exception while processing a request.")]
    private static partial void LogUnhandledException(ILogger logger, Exception exception);
}
