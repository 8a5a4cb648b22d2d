using System.Security.Cryptography;
using KeysCluster.Storage;

namespace KeysCluster.VirtualKeys;

/// <summary>Asks another silo when the one that a grain lives on cannot tell.</summary>
internal static class OtherPath
{
    /// <exception cref="ValidationUnavailableException">The other one could not tell either.</exception>
    public static async ValueTask<T> Ask<T>(
        IGrainFactory grains, Func<ValueTask<T>> first, Func<IValidationGrain, ValueTask<T>> other)
    {
        try
        {
            return await first();
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            // Any silo will do; another number is likely to reach another one.
            var anywhere = grains.GetGrain<IValidationGrain>(RandomNumberGenerator.GetInt32(int.MaxValue));
            try
            {
                return await other(anywhere);
            }
            catch (Exception again) when (IsUnavailable(again))
            {
                throw new ValidationUnavailableException();
            }
        }
    }

    private static bool IsUnavailable(Exception exception) =>
        exception is ValidationUnavailableException or StorageUnavailableException or OrleansException or TimeoutException;
}
