using Microsoft.Extensions.Logging;

namespace KeysCluster.WebConsole.OpenIdConnect;

internal sealed partial class ProviderSignIn
{
    [LoggerMessage(371, LogLevel.Information, "{Name} ({Subject}) signed in to the console with the role {Role}.")]
    private static partial void LogSignedIn(ILogger logger, string name, string subject, string role);

    [LoggerMessage(372, LogLevel.Warning, "A sign-in by OpenID Connect failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
