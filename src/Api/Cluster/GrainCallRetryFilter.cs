using System.Collections.Concurrent;
using System.Reflection;
using KeysCluster.Idempotency;
using Orleans.Serialization.Invocation;
using Polly;
using Polly.Retry;

namespace KeysCluster.Api.Cluster;

/// <summary>
/// Retries the grain calls of a REST request until the request times out. A call that is marked with
/// <see cref="RetryableAttribute"/> is retried after a lost response, such as when a silo crashed. Any other call is
/// retried only if it was rejected before it reached the grain, because a second call could apply a change twice.
/// </summary>
internal sealed partial class GrainCallRetryFilter : IOutgoingGrainCallFilter
{
    // Orleans cancels a call for which it finds no silo in time.
    private static readonly PredicateBuilder<object> LostResponses = new PredicateBuilder()
        .Handle<OrleansException>().Handle<TimeoutException>().Handle<OperationCanceledException>();

    // A rejected message was not processed. A message to a silo that has died since may have been.
    private static readonly PredicateBuilder<object> Rejections = new PredicateBuilder()
        .Handle<OrleansMessageRejectionException>(rejection => rejection is not SiloUnavailableException);

    private static readonly ConcurrentDictionary<MethodInfo, bool> RetryableMethods = new();

    private readonly IHttpContextAccessor _http;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retryAfterLostResponse;
    private readonly ResiliencePipeline _retryAfterRejection;

    public GrainCallRetryFilter(IHttpContextAccessor http, ILogger<GrainCallRetryFilter> logger)
    {
        (_http, _logger) = (http, logger);
        _retryAfterLostResponse = CreatePipeline(LostResponses);
        _retryAfterRejection = CreatePipeline(Rejections);
    }

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        // In a silo, the filter also sees the calls that grains make. They are not limited by the request.
        var isFromEndpoint = context.SourceId is not { } source || source.IsClient();
        if (!isFromEndpoint || _http.HttpContext?.RequestAborted is not { } requestAborted) return context.Invoke();

        var isRetryable = RetryableMethods.GetOrAdd(
            context.InterfaceMethod, method => method.IsDefined(typeof(RetryableAttribute)))
            && !IsNewSecretWithoutKey(context.Request);
        var pipeline = isRetryable ? _retryAfterLostResponse : _retryAfterRejection;
        return pipeline.ExecuteAsync(
            static async (call, cancellation) => await call.Invoke().WaitAsync(cancellation),
            context,
            requestAborted).AsTask();
    }

    /// <summary>
    /// Returns whether a command makes a new secret and has no idempotency key: a second call could make the secret of
    /// the first one, whose response was lost, a retiring one.
    /// </summary>
    private static bool IsNewSecretWithoutKey(IInvokable call) =>
        call.GetArgumentCount() > 0 && call.GetArgument(0) is IIdempotentCommand { Idempotency: null };

    private ResiliencePipeline CreatePipeline(PredicateBuilder<object> shouldHandle) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = shouldHandle,
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(1),
            OnRetry = OnRetryAsync,
        })
        .Build();

    private ValueTask OnRetryAsync(OnRetryArguments<object> retry)
    {
        // Once per call, so that an outage logs no more than one line per request.
        if (retry.AttemptNumber == 0) LogRetry(_logger, retry.Outcome.Exception!.Message);
        return default;
    }
}
