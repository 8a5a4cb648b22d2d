using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

internal sealed partial class DurableState<TState>
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Error, Message = "Reading {State} of {GrainId} failed.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception, string state, GrainId grainId);

    [LoggerMessage(EventId = 201, Level = LogLevel.Error,
        Message = "Write of {State} of {GrainId} has an unknown outcome; deactivating to reload from storage.")]
    private static partial void LogUnknownOutcome(ILogger logger, Exception? exception, string state, GrainId grainId);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error,
        Message = "Write of {State} of {GrainId} refused: a newer build wrote schema version {Version}, "
            + "this build supports {Supported}.")]
    private static partial void LogNewerSchema(
        ILogger logger, string state, GrainId grainId, int version, int supported);
}
