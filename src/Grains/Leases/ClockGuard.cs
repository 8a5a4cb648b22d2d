using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>Stops a silo whose clock stays wrong, so that its grains move to other silos.</summary>
internal sealed partial class ClockGuard(
    DatabaseClock clock, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ClockGuard> logger)
    : BackgroundService
{
    /// <summary>How long the clock may be wrong. A clock that is being corrected takes less.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        var accurateAt = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (clock.IsAccurate) accurateAt = time.GetTimestamp();
            if (time.GetElapsedTime(accurateAt) < MaxDuration) continue;

            LogStopping(logger, clock.Offset);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }
    }
}
