using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Secrets;

/// <summary>Logs that something could not be verified, because its pepper is missing.</summary>
internal sealed partial class MissingPepperMonitor(
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time, ILogger<MissingPepperMonitor> logger)
{
    private readonly LogThrottle _throttle = new(time);

    public void Report(string pepperId)
    {
        if (_throttle.TryEnter(out var suppressed)) LogMissing(logger, pepperId, suppressed);
    }
}
