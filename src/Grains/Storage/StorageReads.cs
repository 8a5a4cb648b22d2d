using KeysCluster.Storage;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

internal static partial class StorageReads
{
    /// <summary>Runs a read outside of a grain's own state; its failure becomes the one that callers know.</summary>
    public static async Task<T> Run<T>(ILogger logger, string what, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception)
        {
            LogReadFailed(logger, exception, what);
            throw new StorageUnavailableException();
        }
    }

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Reading {What} from storage failed.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string what);
}
