using System.Net;
using System.Threading.RateLimiting;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.WebConsole.Connections;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

internal static class RateLimitExtensions
{
    /// <summary>How long a client may take to send the headers of a request.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the limits of connections, requests and failures.</summary>
    public static void AddRateLimits(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RateLimitOptions>()
            .Bind(builder.Configuration.GetSection("Api"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<RateLimitMetrics>();
        services.AddSingleton<RequestRateLimiter>();
        services.AddSingleton<FailedAuthenticationLimiter>();
        services.AddSingleton<InvalidVerificationLimiter>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>(LimitConnections);
    }

    /// <summary>Adds an endpoint to those that share a limit. The last call counts.</summary>
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, RateLimitPolicy policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(policy);

    /// <summary>
    /// Limits the requests of one client address that are processed at the same time. Comes before everything that
    /// waits.
    /// </summary>
    public static void UseConcurrencyLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.MaxConcurrentRequestsPerAddress;
        var metrics = app.Services.GetRequiredService<RateLimitMetrics>();
        app.UseRateLimiter(new RateLimiterOptions
        {
            GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(
                context => RateLimitPartition.GetConcurrencyLimiter(
                    context.GetClientNetwork(),
                    _ => new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = 0 })),
            OnRejected = async (context, _) =>
            {
                metrics.Count(RateLimitMetrics.Concurrency);
                // When another request ends is not known, so there is no Retry-After.
                RateLimitHeaders.WriteConcurrency(context.HttpContext.Response, "concurrency", limit);
                await ApiErrors.TooManyConcurrentRequests.ExecuteAsync(context.HttpContext);
            },
        });
    }

    /// <summary>Limits requests by the policies of their endpoints. Comes after authentication.</summary>
    public static void UseRequestRateLimit(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<RequestRateLimiter>();
        var metrics = app.Services.GetRequiredService<RateLimitMetrics>();
        app.UseRateLimiter(new RateLimiterOptions
        {
            GlobalLimiter = limiter.Limiter,
            OnRejected = async (context, _) =>
            {
                metrics.Count(RequestRateLimiter.GetPolicy(context.HttpContext)!.Name);
                var delay = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.Zero;
                RateLimitHeaders.WriteRetryAfter(context.HttpContext.Response, delay);
                limiter.WriteHeaders(context.HttpContext);
                await ApiErrors.TooManyRequests.ExecuteAsync(context.HttpContext);
            },
        });
        app.Use((context, next) =>
        {
            limiter.WriteHeaders(context);
            return next(context);
        });
    }

    private static void LimitConnections(KestrelServerOptions kestrel, IServiceProvider services)
    {
        var limiter = services.GetRequiredService<ConnectionLimiter>();
        kestrel.Limits.MaxConcurrentConnections =
            services.GetRequiredService<IOptions<RateLimitOptions>>().Value.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        var console = services.GetService<ConsoleSocket>();
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
            console?.Owns(connection.LocalEndPoint) == true ? next(connection) : limiter.ServeAsync(connection, next)));
    }
}
