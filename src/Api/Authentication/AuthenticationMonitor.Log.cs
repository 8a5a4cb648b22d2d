using System.Net;

namespace KeysCluster.Api.Authentication;

internal sealed partial class AuthenticationMonitor
{
    [LoggerMessage(410, LogLevel.Warning,
        "Authentication failed for {Address}: {Outcome}. "
        + "{Suppressed} failures from this address were suppressed since the last message.")]
    private static partial void LogFailed(ILogger logger, IPAddress address, string outcome, long suppressed);

    [LoggerMessage(411, LogLevel.Warning,
        "Request from {Address} with the key {KeyId} refused with 403: {Reason}. "
        + "{Suppressed} refusals from this address were suppressed since the last message.")]
    private static partial void LogRefused(
        ILogger logger, IPAddress address, string reason, string? keyId, long suppressed);
}
