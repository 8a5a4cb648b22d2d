using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

internal static partial class StorageGuard
{
    /// <summary>Runs a read, and turns any failure into the exception that callers handle.</summary>
    /// <exception cref="StorageUnavailableException">The read failed.</exception>
    public static async Task<T> ExecuteAsync<T>(ILogger logger, string operation, Func<Task<T>> readAsync)
    {
        try
        {
            return await readAsync();
        }
        catch (Exception exception)
        {
            LogReadFailed(logger, exception, operation);
            throw new StorageUnavailableException();
        }
    }
}
