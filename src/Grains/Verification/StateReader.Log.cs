using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Verification;

internal sealed partial class StateReader<TState>
{
    [LoggerMessage(EventId = 221, Level = LogLevel.Error,
        Message = "Validation read of {State} failed; {Suppressed} similar messages suppressed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string state, int suppressed);

    [LoggerMessage(EventId = 222, Level = LogLevel.Warning,
        Message = "Validation read of {State} timed out after {Timeout}; {Suppressed} similar messages suppressed.")]
    private static partial void LogTimedOut(ILogger logger, string state, TimeSpan timeout, int suppressed);

    [LoggerMessage(EventId = 223, Level = LogLevel.Warning,
        Message = "Validation read of {State} throttled: the read queue is full; "
            + "{Suppressed} similar messages suppressed.")]
    private static partial void LogThrottled(ILogger logger, string state, int suppressed);
}
