using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Clients;

internal sealed partial class ValidationGrainCaller
{
    [LoggerMessage(EventId = 111, Level = LogLevel.Warning,
        Message = "A silo failed to validate a secret; another silo is called. {Suppressed} similar messages "
            + "suppressed. Reason: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason, int suppressed);
}
