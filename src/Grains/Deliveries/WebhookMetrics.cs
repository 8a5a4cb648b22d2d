using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Measures the deliveries of webhooks, on the meter <see cref="KeysClusterMeter.Name"/>. Only the silo that sends them
/// has figures of the backlog.
/// </summary>
internal sealed class WebhookMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _disabled;
    private long _pending;
    private double _lagSeconds;
    private double _eventLagSeconds;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        _duration = meter.CreateHistogram<double>(
            "keys.webhooks.delivery.duration", "s", "Time of an attempt to deliver an event.");
        _disabled = meter.CreateCounter<long>(
            "keys.webhooks.disabled", "{webhook}", "Webhooks disabled because their endpoints accept nothing.");
        meter.CreateObservableGauge(
            "keys.webhooks.pending", () => Volatile.Read(ref _pending), "{delivery}", "Deliveries that are pending.");
        meter.CreateObservableGauge(
            "keys.webhooks.lag", () => Volatile.Read(ref _lagSeconds), "s", "Age of the oldest delivery that is due.");
        meter.CreateObservableGauge(
            "keys.events.lag",
            () => Volatile.Read(ref _eventLagSeconds),
            "s",
            "Age of the oldest event that was not yet read for webhooks.");
    }

    public void RecordAttempt(WebhookAttempt attempt) => _duration.Record(
        attempt.DurationMs / 1000.0,
        new KeyValuePair<string, object?>("outcome", attempt.IsAccepted ? "delivered" : "failed"));

    public void CountDisabled() => _disabled.Add(1);

    public void SetBacklog(DeliveryBacklog backlog, DateTimeOffset now)
    {
        Volatile.Write(ref _pending, backlog.Count);
        Volatile.Write(ref _lagSeconds, backlog.OldestDueAt is { } due ? Math.Max(0, (now - due).TotalSeconds) : 0);
    }

    public void SetEventLag(TimeSpan lag) => Volatile.Write(ref _eventLagSeconds, Math.Max(0, lag.TotalSeconds));
}
