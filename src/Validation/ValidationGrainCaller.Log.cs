using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation;

internal sealed partial class ValidationGrainCaller
{
    [LoggerMessage(EventId = 111, Level = LogLevel.Warning,
        Message = "Validation call failed on attempt {Attempt} of {MaxAttempts}; the next attempt fails over to "
            + "another silo. {Suppressed} similar messages suppressed. Reason: {Reason}")]
    private static partial void LogFailover(
        ILogger logger, int attempt, int maxAttempts, string reason, int suppressed);
}
