using Microsoft.Extensions.Logging;

namespace KeysCluster.Security.Calls;

internal sealed partial class ClientCallFilter
{
    [LoggerMessage(610, LogLevel.Warning,
        "Call of {Interface}.{Method} refused: the role '{Role}' of the client does not permit it.")]
    private static partial void LogRefused(ILogger logger, string @interface, string method, ClusterRole? role);
}
