using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Imports;

internal sealed partial class KeyImporter
{
    [LoggerMessage(363, LogLevel.Error,
        "Storing {Count} imported keys failed; whether they are stored is unknown. The caller repeats the import.")]
    private static partial void LogUnknownOutcome(ILogger logger, Exception exception, int count);
}
