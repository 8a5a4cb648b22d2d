using Microsoft.Extensions.Logging;

namespace KeysCluster.Hosting;

internal sealed partial class ConfigurationFileMonitor
{
    [LoggerMessage(510, LogLevel.Error,
        "The changed configuration file {Path} is malformed and was not applied; the previous settings remain.")]
    private static partial void LogMalformedFile(ILogger logger, string? path);
}
