using System.Diagnostics.Metrics;
using KeysCluster.Grains.Events;
using KeysCluster.Grains.Leases;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo.Events;

/// <summary>
/// Deletes events that are older than <see cref="EventRetentionOptions.KeepFor"/>. Every silo tries to; one at a time
/// in the cluster deletes a batch. Batches are small, so that changes do not wait for them.
/// </summary>
internal sealed partial class EventRetentionService : BackgroundService
{
    internal const int BatchSize = 1000;

    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IEventStore _events;
    private readonly DatabaseClock _clock;
    private readonly TimeSpan _keepFor;
    private readonly TimeProvider _time;
    private readonly PeriodicTimer _timer;
    private readonly ILogger _logger;
    private readonly Counter<long> _deleted;

    public EventRetentionService(
        IEventStore events,
        DatabaseClock clock,
        IOptions<EventRetentionOptions> options,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<EventRetentionService> logger)
    {
        (_events, _clock, _keepFor, _time, _logger) = (events, clock, options.Value.KeepFor, time, logger);
        _timer = new PeriodicTimer(Period, time);
        _deleted = KeysClusterMeter.Create(meters)
            .CreateCounter<long>("keys.events.deleted", "{event}", "Events deleted because of their age.");
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DeleteAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(_logger, exception, Period);
            }
        }
    }

    private async Task DeleteAsync(CancellationToken stoppingToken)
    {
        // A deletion is final, and a silo whose clock is ahead would delete too much.
        if (!_clock.IsAccurate) return;
        var before = _clock.GetEraseBefore(_time.GetUtcNow()) - _keepFor;
        var total = 0L;
        try
        {
            while (await _events.DeleteAsync(before, BatchSize, stoppingToken) is { } count)
            {
                total += count;
                _deleted.Add(count);
                if (count < BatchSize) return;
                await Task.Delay(Pause, _time, stoppingToken);
            }
        }
        finally
        {
            if (total > 0) LogDeleted(_logger, total, before);
        }
    }
}
