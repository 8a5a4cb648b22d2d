using System.Reflection;
using Polly;
using Polly.Retry;

namespace KeysCluster.Api.Hosting;

/// <summary>
/// What a REST call asks of grains ends with the call's time limit. A call that is <see cref="SafeToRepeatAttribute">safe
/// to repeat</see> is made again while there is time, when the silo that it went to is gone.
/// </summary>
public sealed class RepeatedCalls(IHttpContextAccessor http) : IOutgoingGrainCallFilter
{
    private static readonly ResiliencePipeline Repeat = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            // A cancellation is Orleans' own word for a call that found no silo in time.
            ShouldHandle = new PredicateBuilder()
                .Handle<OrleansException>().Handle<TimeoutException>().Handle<OperationCanceledException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(1),
        })
        .Build();

    /// <inheritdoc />
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var isForRequest = context.SourceId is not { } source || source.IsClient();
        if (!isForRequest || http.HttpContext?.RequestAborted is not { } timeLimit) return context.Invoke();

        return context.InterfaceMethod.IsDefined(typeof(SafeToRepeatAttribute))
            ? Repeat.ExecuteAsync(static async (call, limit) => await call.Invoke().WaitAsync(limit), context, timeLimit).AsTask()
            : context.Invoke().WaitAsync(timeLimit);
    }
}
