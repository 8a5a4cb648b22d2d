using KeysCluster.Api.Errors;

namespace KeysCluster.Api.RateLimiting;

/// <summary>The response to a caller whose failures are used up.</summary>
internal sealed class FailureLimitedResult<TCaller>(FailureLimiter<TCaller> limiter, TimeSpan retryAfter) : IResult
    where TCaller : notnull
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        limiter.WriteHeaders(httpContext.Response, retryAfter);
        return ApiErrors.TooManyFailures.ExecuteAsync(httpContext);
    }
}
