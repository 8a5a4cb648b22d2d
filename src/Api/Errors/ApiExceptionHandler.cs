using KeysCluster.Storage;
using KeysCluster.Validation;
using Microsoft.AspNetCore.Diagnostics;

namespace KeysCluster.Api.Errors;

/// <summary>Responds to an exception with an error that reveals nothing about its cause.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var error = exception switch
        {
            BadHttpRequestException badRequest => ApiErrors.FromStatus(badRequest.StatusCode),
            StorageUnavailableException => ApiErrors.StorageUnavailable,
            ValidationUnavailableException => ApiErrors.ValidationUnavailable,
            TimeoutException or OrleansException or OperationCanceledException => ApiErrors.ServiceUnavailable,
            _ => ApiErrors.InternalError,
        };
        if (ReferenceEquals(error, ApiErrors.InternalError)) LogUnhandledException(logger, exception);
        await error.ExecuteAsync(httpContext);
        return true;
    }
}
