using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// Logs and counts what could not be verified, because its pepper is missing. Publishes the number of peppers.
/// </summary>
public sealed partial class MissingPepperMonitor
{
    private readonly LogThrottle _throttle;
    private readonly ILogger _logger;
    private long _count;

    /// <summary>Creates the monitor.</summary>
    public MissingPepperMonitor(
        PepperRing ring,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
        IMeterFactory meters,
        ILogger<MissingPepperMonitor> logger)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(meters);
        (_throttle, _logger) = (new LogThrottle(time), logger);
        var meter = KeysClusterMeter.Create(meters);
        meter.CreateObservableCounter(
            "keys.peppers.missing",
            () => Interlocked.Read(ref _count),
            "{verification}",
            "Verifications of secrets, retries and stored states whose pepper is missing on this silo.");
        meter.CreateObservableGauge(
            "keys.peppers.configured", () => ring.Peppers.All.Count, "{pepper}", "Peppers that this silo has.");
    }

    /// <summary>Reports a verification.</summary>
    /// <param name="pepperId">The id of the pepper that it needs.</param>
    public void Report(string pepperId)
    {
        Interlocked.Increment(ref _count);
        if (_throttle.TryEnter(out var suppressed)) LogMissing(_logger, pepperId, suppressed);
    }
}
