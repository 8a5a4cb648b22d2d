using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Imports;

internal sealed partial class HashSchemes
{
    [LoggerMessage(360, LogLevel.Error,
        "Secrets that were imported with the hash scheme {Scheme} are refused, because this silo does not have its "
        + "HMAC key. {Suppressed} earlier messages were not logged.")]
    private static partial void LogKeyMissing(ILogger logger, string scheme, int suppressed);

    [LoggerMessage(361, LogLevel.Information, "Validators apply the hash scheme {Scheme} from now on.")]
    private static partial void LogAdded(ILogger logger, string scheme);
}
