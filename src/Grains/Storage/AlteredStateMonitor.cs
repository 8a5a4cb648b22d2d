using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

/// <summary>Logs and counts reads of states that were altered outside the service.</summary>
public sealed partial class AlteredStateMonitor
{
    private readonly LogThrottle _throttle;
    private readonly ILogger _logger;
    private long _altered;

    /// <summary>Creates the monitor.</summary>
    public AlteredStateMonitor(
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
        IMeterFactory meters,
        ILogger<AlteredStateMonitor> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (_throttle, _logger) = (new LogThrottle(time), logger);
        KeysClusterMeter.Create(meters).CreateObservableCounter(
            "keys.states.altered",
            () => Interlocked.Read(ref _altered),
            "{read}",
            "Reads of stored states that were altered outside the service.");
    }

    /// <summary>Reports a read.</summary>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="key">The key of its grain.</param>
    /// <param name="reason">Why the state is not one that the service has written, as the end of a sentence.</param>
    public void Report(string stateName, string key, string reason)
    {
        Interlocked.Increment(ref _altered);
        if (_throttle.TryEnter(out var suppressed)) LogAltered(_logger, stateName, key, reason, suppressed);
    }
}
