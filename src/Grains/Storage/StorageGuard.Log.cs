using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

internal static partial class StorageGuard
{
    [LoggerMessage(EventId = 220, Level = LogLevel.Error, Message = "Storage read failed: {Operation}.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string operation);
}
