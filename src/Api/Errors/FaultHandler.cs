using KeysCluster.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace KeysCluster.Api.Errors;

/// <summary>Turns what was thrown into an answer that tells nothing of the inside.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var error = exception switch
        {
            BadHttpRequestException bad => ApiErrors.Of(bad.StatusCode),
            StorageUnavailableException => ApiErrors.StorageUnavailable,
            ValidationUnavailableException => ApiErrors.ValidationUnavailable,
            TimeoutException or OrleansException or OperationCanceledException => ApiErrors.ServiceUnavailable,
            _ => ApiErrors.InternalError,
        };
        if (ReferenceEquals(error, ApiErrors.InternalError)) LogFault(logger, exception);
        await error.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed in a way that nobody foresaw.")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
