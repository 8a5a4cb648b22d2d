using KeysCluster.Storage;
using Polly;
using Polly.Hedging;
using Polly.Timeout;

namespace KeysCluster.Validation.Clients;

/// <summary>
/// Calls to workers of which every silo has one. A call that fails, or has not returned after
/// <see cref="HedgingDelay"/>, is sent to another worker as well, and the first result counts, so a hanging silo delays
/// a caller little. Source: docs/adr/0016-hedged-calls.md.
/// </summary>
internal static class HedgedCalls
{
    /// <summary>The number of workers that are called at most. Some of them may be on the same silo.</summary>
    public const int MaxCalls = 5;

    /// <summary>
    /// How long a call may take before another worker is called. A healthy silo needs a few milliseconds.
    /// </summary>
    public static readonly TimeSpan HedgingDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Creates a pipeline that sends one kind of call. It returns after each call has returned or observed the
    /// cancellation, so a call must stop waiting for its silo then.
    /// </summary>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="timeout">
    /// When all calls are abandoned. Orleans looks for calls that have timed out about once a second, which is too
    /// coarse for a caller that waits.
    /// </param>
    public static ResiliencePipeline<T> CreatePipeline<T>(TimeProvider time, TimeSpan timeout) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = time }
            .AddTimeout(timeout)
            .AddHedging(new HedgingStrategyOptions<T>
            {
                MaxHedgedAttempts = MaxCalls - 1,
                Delay = HedgingDelay,
                ShouldHandle = new PredicateBuilder<T>().Handle<Exception>(IsTransient),
            })
            .Build();

    /// <summary>
    /// Returns whether another silo may succeed. Orleans cancels a call that finds no silo in time, so a cancellation
    /// is transient as well.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception
        is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException
        or OperationCanceledException or TimeoutRejectedException;
}
