using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation;

/// <summary>Calls validation grains, and fails over to another silo when one cannot answer.</summary>
internal sealed partial class ValidationGrainCaller(
    IGrainFactory grains, TimeProvider time, ILogger<ValidationGrainCaller> logger)
{
    /// <summary>
    /// Each attempt takes a second at most, so a hanging silo delays a caller by three seconds at most.
    /// </summary>
    private const int MaxAttempts = 3;

    private readonly LogThrottle _failoverLog = new(time);

    /// <exception cref="ValidationUnavailableException">Every attempt failed.</exception>
    public async ValueTask<T> InvokeAsync<T>(Func<IValidationGrain, ValueTask<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(grains.GetValidationGrain());
            }
            catch (Exception exception) when (IsTransient(exception))
            {
                if (_failoverLog.TryEnter(out var suppressed))
                    LogFailover(logger, attempt, MaxAttempts, exception.Message, suppressed);
                if (attempt == MaxAttempts) throw new ValidationUnavailableException();
            }
        }
    }

    /// <summary>Orleans cancels a call that finds no silo in time, so a cancellation is transient as well.</summary>
    private static bool IsTransient(Exception exception) => exception
        is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException
        or OperationCanceledException;
}
