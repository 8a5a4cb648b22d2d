using Microsoft.Extensions.Logging;

namespace KeysCluster.Hosting;

public sealed partial class DrainService
{
    [LoggerMessage(500, LogLevel.Information, "Draining: the readiness check fails, stopping in {Delay}.")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}
