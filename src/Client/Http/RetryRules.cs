using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace KeysCluster.Client;

/// <summary>When a request is sent again. Source: docs/api.md, "Retries".</summary>
internal static class RetryRules
{
    /// <summary>A service that asks for a longer pause gets no retry: the caller learns of it.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(5);

    private static readonly HttpRequestOptionsKey<bool> NotRepeatable = new("KeysCluster.NotRepeatable");

    /// <summary>Marks a request whose repetition has another effect.</summary>
    public static void MarkNotRepeatable(HttpRequestMessage request) => request.Options.Set(NotRepeatable, true);

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> builder, KeysClientOptions options) =>
        builder
            .AddTimeout(options.Timeout)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsTransient(arguments.Outcome) && IsRepeatable(arguments.Context.GetRequestMessage())),
            })
            .AddTimeout(options.AttemptTimeout);

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result: { } response } => IsTransient(response.StatusCode) && !AsksForPause(response),
        _ => false,
    };

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError;

    private static bool AsksForPause(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } pause && pause > MaxRetryAfter;

    private static bool IsRepeatable(HttpRequestMessage? request) =>
        request is null || !request.Options.TryGetValue(NotRepeatable, out var isNotRepeatable) || !isNotRepeatable;
}
