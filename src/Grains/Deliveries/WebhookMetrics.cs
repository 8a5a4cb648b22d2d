using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Measures the deliveries of webhooks, on the meter <see cref="KeysClusterMeter.Name"/>. Only the silo that sends them
/// has figures of what waits.
/// </summary>
internal sealed class WebhookMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Meter _meter;
    private long _deferred;
    private long _disabled;
    private long _pending;

    public WebhookMetrics(IMeterFactory meters)
    {
        _meter = KeysClusterMeter.Create(meters);
        _duration = KeysClusterMeter.CreateDuration(
            _meter, "keys.webhooks.delivery.duration", "Time of an attempt to deliver an event.");
        _meter.CreateObservableCounter(
            "keys.webhooks.disabled",
            () => Interlocked.Read(ref _disabled),
            "{webhook}",
            "Webhooks disabled because their endpoints accepted nothing for three days.");
        _meter.CreateObservableGauge(
            "keys.webhooks.pending",
            () => Interlocked.Read(ref _pending),
            "{delivery}",
            "Deliveries that are pending.");
        _meter.CreateObservableGauge(
            "keys.webhooks.deferred",
            () => Interlocked.Read(ref _deferred),
            "{project}",
            "Projects whose webhooks wait, because the state of the project cannot be read.");
    }

    /// <summary>Observes how long deliveries have been due, and events have not been read.</summary>
    /// <param name="getDeliveryLag">Returns the time since the delivery that has waited longest was due.</param>
    /// <param name="getEventLag">Returns the time since every event had been read.</param>
    public void ObserveLag(Func<TimeSpan> getDeliveryLag, Func<TimeSpan> getEventLag)
    {
        _meter.CreateObservableGauge(
            "keys.webhooks.lag",
            () => getDeliveryLag().TotalSeconds,
            "s",
            "How long the delivery that has waited longest is due, without those to endpoints that fail.");
        _meter.CreateObservableGauge(
            "keys.events.lag",
            () => getEventLag().TotalSeconds,
            "s",
            "Time since the webhooks had read every event.");
    }

    public void RecordAttempt(WebhookAttempt attempt) => _duration.Record(
        attempt.DurationMs / 1000.0,
        new KeyValuePair<string, object?>("outcome", attempt.IsAccepted ? "delivered" : "failed"));

    public void CountDisabled() => Interlocked.Increment(ref _disabled);

    public void SetDeferred(int projects) => Interlocked.Exchange(ref _deferred, projects);

    public void SetPending(long count) => Interlocked.Exchange(ref _pending, count);
}
