using System.Security.Cryptography;
using KeysCluster.Storage;

namespace KeysCluster.Validation;

/// <summary>Calls validation grains, and fails over to another silo when one cannot answer.</summary>
internal static class ValidationGrainCaller
{
    /// <summary>
    /// Each attempt takes a second at most, so a hanging silo delays a caller by three seconds at most.
    /// </summary>
    private const int MaxAttempts = 3;

    /// <summary>The number of activations that a stateless worker may have per silo.</summary>
    private const int WorkerKeyCount = 64;

    /// <summary>Returns a key for a stateless worker. Another key is likely to reach another silo.</summary>
    public static int RandomWorkerKey() => RandomNumberGenerator.GetInt32(WorkerKeyCount);

    /// <exception cref="ValidationUnavailableException">Every attempt failed.</exception>
    public static async ValueTask<T> InvokeWithFailoverAsync<T>(
        IGrainFactory grains, Func<IValidationGrain, ValueTask<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(grains.GetValidationGrain(RandomWorkerKey()));
            }
            catch (Exception exception) when (IsTransient(exception))
            {
                if (attempt == MaxAttempts) throw new ValidationUnavailableException();
            }
        }
    }

    /// <summary>Orleans cancels a call that finds no silo in time, so a cancellation is transient as well.</summary>
    private static bool IsTransient(Exception exception) => exception
        is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException
        or OperationCanceledException;
}
