using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KeysCluster.Api.Http;

internal static class RequestGuardExtensions
{
    /// <summary>Limits the size of bodies and the duration of requests.</summary>
    public static void AddRequestLimits(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestLimits.MaxDiscardedBodyBytes;
        });

        // The response is 503, whatever the request waits for. A change may still be applied after it.
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = RequestLimits.Timeout,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = ApiErrors.ServiceUnavailable.ExecuteAsync,
        });
    }

    /// <summary>
    /// Refuses a request with a <c>Content-Length</c> above the limit of its endpoint before it is authenticated.
    /// </summary>
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use((context, next) =>
        BodyLimit.Get(context) is var limit && context.Request.ContentLength > limit.Bytes
            ? limit.Error.ExecuteAsync(context)
            : next(context));

    /// <summary>
    /// Refuses a request whose body another server could see end elsewhere: one with both lengths, which Kestrel
    /// accepts, and one with another coding than <c>chunked</c>.
    /// </summary>
    public static IApplicationBuilder UseSingleBodyLength(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0) return next(context);

        // Kestrel renames a Content-Length that it ignores.
        var isChunked = headers.TransferEncoding is [{ } coding]
            && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase);
        if (isChunked && !headers.ContainsKey("X-Content-Length")) return next(context);
        context.Response.Headers.Connection = "close";
        return ApiErrors.BadRequest.ExecuteAsync(context);
    });

    /// <summary>Forbids HTTP caches to store responses of the API: they contain secrets and verdicts.</summary>
    public static IApplicationBuilder UseNoStore(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            }, context.Response);
        }

        return next(context);
    });
}
