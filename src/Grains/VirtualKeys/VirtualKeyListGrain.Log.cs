using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.VirtualKeys;

internal sealed partial class VirtualKeyListGrain
{
    [LoggerMessage(EventId = 224, Level = LogLevel.Error,
        Message = "The stored state of virtual key {VirtualKeyId} cannot be read; the list omits it.")]
    private static partial void LogUnreadable(ILogger logger, string virtualKeyId);
}
