using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Sessions;

internal sealed partial class SessionGrain
{
    [LoggerMessage(370, LogLevel.Warning,
        "A session of the console ended, because a token was used that had been replaced: its cookie was copied")]
    private static partial void LogReused(ILogger logger);
}
