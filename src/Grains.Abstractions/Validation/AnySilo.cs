using System.Security.Cryptography;
using KeysCluster.Storage;

namespace KeysCluster.Validation;

/// <summary>Asks whichever silo a call reaches, and another one when that one cannot tell.</summary>
internal static class AnySilo
{
    /// <summary>
    /// How many times one is asked: at a second each, a silo that hangs does not keep a caller longer than three seconds.
    /// </summary>
    private const int Attempts = 3;

    /// <summary>How many activations a silo may have of a grain whose key has no meaning.</summary>
    private const int Numbers = 64;

    /// <summary>A key for a grain that any silo can be. Another number is likely to reach another silo.</summary>
    public static int Number() => RandomNumberGenerator.GetInt32(Numbers);

    /// <exception cref="ValidationUnavailableException">None of them could tell.</exception>
    public static async ValueTask<T> Ask<T>(IGrainFactory grains, Func<IValidationGrain, ValueTask<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(grains.GetValidation(Number()));
            }
            catch (Exception exception) when (IsUnavailable(exception))
            {
                if (attempt == Attempts) throw new ValidationUnavailableException();
            }
        }
    }

    /// <summary>A cancellation is Orleans' own word for a call that found no silo in time.</summary>
    private static bool IsUnavailable(Exception exception) => exception
        is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException
        or OperationCanceledException;
}
