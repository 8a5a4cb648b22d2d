using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Silo.Erasures;

/// <summary>
/// Publishes how many erasures are overdue in the whole cluster, and by how much. Every silo publishes the same.
/// </summary>
internal sealed partial class OverdueErasureMonitor : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>A tick that a silo misses is repeated a minute later, so this is not late.</summary>
    internal static readonly TimeSpan PermittedDelay = TimeSpan.FromMinutes(2);

    private readonly OverdueErasureQuery _query;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile OverdueErasures? _last;

    public OverdueErasureMonitor(
        OverdueErasureQuery query, TimeProvider time, IMeterFactory meters, ILogger<OverdueErasureMonitor> logger)
    {
        (_query, _time, _logger) = (query, time, logger);
        var meter = KeysClusterMeter.Create(meters);
        meter.CreateObservableGauge(
            "keys.erasures.overdue",
            () => Measure<long>(last => last.Count),
            "{erasure}",
            "Erasures of the whole cluster that should have been done, 10,000 at most.");
        meter.CreateObservableGauge(
            "keys.erasures.lateness",
            () => Measure(last => last.GetLateness(_time.GetUtcNow()).TotalSeconds),
            "s",
            "How late the oldest of the overdue erasures is; 0 if there is none.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            try
            {
                _last = await _query.ReadAsync(_time.GetUtcNow() - PermittedDelay, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _last = null;
                LogFailed(_logger, exception, Period);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<OverdueErasures, T> select)
        where T : struct => _last is { } last ? [new Measurement<T>(select(last))] : [];
}
