using System.Security.Cryptography;
using KeysCluster.Storage;

namespace KeysCluster.VirtualKeys;

/// <summary>Asks other silos when the one that a grain lives on cannot tell.</summary>
internal static class OtherPath
{
    /// <summary>How many times any silo is asked; a silo that hangs may be among those.</summary>
    private const int Attempts = 2;

    /// <exception cref="ValidationUnavailableException">None of them could tell.</exception>
    public static async ValueTask<T> Ask<T>(
        IGrainFactory grains, Func<ValueTask<T>> first, Func<IValidationGrain, ValueTask<T>> other)
    {
        try
        {
            return await first();
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            for (var attempt = 1; ; attempt++)
            {
                // Another number is likely to reach another silo.
                var anywhere = grains.GetGrain<IValidationGrain>(RandomNumberGenerator.GetInt32(int.MaxValue));
                try
                {
                    return await other(anywhere);
                }
                catch (Exception again) when (IsUnavailable(again))
                {
                    if (attempt == Attempts) throw new ValidationUnavailableException();
                }
            }
        }
    }

    /// <summary>A cancellation is Orleans' own word for a call that found no silo in time.</summary>
    private static bool IsUnavailable(Exception exception) => exception
        is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException
        or OperationCanceledException;
}
