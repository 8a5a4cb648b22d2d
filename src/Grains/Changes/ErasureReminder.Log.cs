using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Changes;

internal sealed partial class ErasureReminder
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Error,
        Message = "Registering the erasure reminder of {GrainId} failed; retrying in a few seconds.")]
    private static partial void LogRegistrationFailed(ILogger logger, Exception exception, GrainId grainId);
}
