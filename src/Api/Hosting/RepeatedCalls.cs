using System.Collections.Concurrent;
using System.Reflection;
using Polly;
using Polly.Retry;

namespace KeysCluster.Api.Hosting;

/// <summary>
/// What a REST call asks of grains ends with the call's time limit. A call that is <see cref="SafeToRepeatAttribute">safe
/// to repeat</see> is made again while there is time, when the silo that it went to is gone; any other when it was refused
/// on its way.
/// </summary>
public sealed class RepeatedCalls(IHttpContextAccessor http) : IOutgoingGrainCallFilter
{
    /// <summary>A cancellation is Orleans' own word for a call that found no silo in time.</summary>
    private static readonly ResiliencePipeline Lost = Repeating(new PredicateBuilder()
        .Handle<OrleansException>().Handle<TimeoutException>().Handle<OperationCanceledException>());

    /// <summary>A message that was refused on its way was not carried out; one to a silo that died may have been.</summary>
    private static readonly ResiliencePipeline Refused = Repeating(new PredicateBuilder()
        .Handle<OrleansMessageRejectionException>(rejection => rejection is not SiloUnavailableException));

    private static readonly ConcurrentDictionary<MethodInfo, bool> SafeMethods = new();

    /// <inheritdoc />
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var isForRequest = context.SourceId is not { } source || source.IsClient();
        if (!isForRequest || http.HttpContext?.RequestAborted is not { } timeLimit) return context.Invoke();

        var isSafe = SafeMethods.GetOrAdd(context.InterfaceMethod, method => method.IsDefined(typeof(SafeToRepeatAttribute)));
        var repeat = isSafe ? Lost : Refused;
        return repeat.ExecuteAsync(static async (call, limit) => await call.Invoke().WaitAsync(limit), context, timeLimit).AsTask();
    }

    private static ResiliencePipeline Repeating(PredicateBuilder<object> worthRepeating) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = worthRepeating,
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(1),
        })
        .Build();
}
