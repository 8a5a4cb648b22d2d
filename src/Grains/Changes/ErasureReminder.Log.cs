using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Changes;

internal sealed partial class ErasureReminder
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Warning,
        Message = "Registering the erasure reminder of {GrainId} failed; the stored reminder fires within minutes.")]
    private static partial void LogRegistrationFailed(ILogger logger, Exception exception, GrainId grainId);
}
