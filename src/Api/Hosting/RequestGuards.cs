using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;

namespace KeysCluster.Api.Hosting;

internal static class RequestGuards
{
    /// <summary>
    /// No caller waits longer, whatever has died: the answer is then 503. What was asked for may still happen.
    /// </summary>
    public static RequestTimeoutPolicy TimeLimit { get; } = new()
    {
        Timeout = TimeSpan.FromSeconds(8),
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        WriteTimeoutResponse = ApiErrors.ServiceUnavailable.ExecuteAsync,
    };

    /// <summary>A body that says it is too large is refused before anything is read or looked up.</summary>
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Request.ContentLength > ApiLimits.MaxBodyBytes
            ? ApiErrors.PayloadTooLarge.ExecuteAsync(context)
            : next(context));

    /// <summary>No cache keeps an answer of the API: any of them may hold a secret or tell whether one works.</summary>
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
