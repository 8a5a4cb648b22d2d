using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Imports;

internal sealed partial class ImportedKeyFinder
{
    [LoggerMessage(362, LogLevel.Warning,
        "Reading the index of imported keys failed. {Suppressed} earlier failures were not logged.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int suppressed);
}
