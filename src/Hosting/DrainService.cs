using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KeysCluster.Hosting;

/// <summary>
/// Delays the stop of a host for <see cref="DrainOptions.DrainDelay"/>. The readiness check fails in this time, so that
/// a proxy routes new requests elsewhere. Then the host stops in order: REST first, and in a silo the grains after it.
/// </summary>
public sealed partial class DrainService(
    IOptions<DrainOptions> options, TimeProvider time, ILogger<DrainService> logger) : IHostedLifecycleService
{
    private volatile bool _isDraining;
    private volatile bool _hasStarted;

    /// <summary>Whether the host was asked to stop.</summary>
    public bool IsDraining => _isDraining;

    async Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        var delay = options.Value.DrainDelay;

        // A host that failed to start has served no requests.
        if (!_hasStarted || delay == TimeSpan.Zero) return;
        LogDraining(logger, delay);
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken)
    {
        _hasStarted = true;
        return Task.CompletedTask;
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
