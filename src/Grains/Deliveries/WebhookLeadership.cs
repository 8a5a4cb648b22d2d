using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// The leadership over the webhooks, which one silo at a time has. Source: docs/adr/0027-webhooks.md.
/// </summary>
internal sealed partial class WebhookLeadership(
    IPendingDeliveries queue,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<WebhookLeadership> logger)
{
    /// <summary>After a crash, another silo leads after this time.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A silo that could not extend its leadership for this time stops sending, before another one leads after
    /// <see cref="Duration"/>.
    /// </summary>
    public static readonly TimeSpan MaxExtensionTime = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan ExtensionPeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(400);

    private readonly LogThrottle _failedLog = new(time);
    private long _extendedAt;

    /// <summary>The name of this silo as a leader.</summary>
    public string Silo { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Acquires the leadership, unless another silo has it.</summary>
    /// <returns>Whether this silo leads, and the cursor that the last leader stored.</returns>
    public async Task<(bool IsLeader, WebhookCursor? Cursor)> TryAcquireAsync(CancellationToken cancellationToken)
    {
        _extendedAt = time.GetTimestamp();
        return await queue.TryLeadAsync(Silo, Duration, cancellationToken);
    }

    /// <summary>Extends the leadership until it is canceled, and cancels it when it could not be extended.</summary>
    public async Task KeepAsync(CancellationTokenSource leading)
    {
        var stopping = leading.Token;
        var delay = ExtensionPeriod;
        while (true)
        {
            await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var timeout = MaxExtensionTime - time.GetElapsedTime(_extendedAt);
            if (stopping.IsCancellationRequested || timeout <= TimeSpan.Zero) break;
            try
            {
                var askedAt = time.GetTimestamp();
                var extension = queue.TryLeadAsync(Silo, Duration, stopping);
                if (!(await extension.WaitAsync(timeout, time, stopping)).IsLeader) break;
                (_extendedAt, delay) = (askedAt, ExtensionPeriod);
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested) break;
                if (_failedLog.TryEnter(out var suppressed)) LogExtensionFailed(logger, exception, suppressed);
                delay = RetryDelay;
            }
        }

        await leading.CancelAsync();
    }

    /// <summary>Lets another silo lead at once.</summary>
    public async Task ReleaseAsync()
    {
        try
        {
            await queue.ReleaseAsync(Silo, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Leadership ends by itself.
            LogReleaseFailed(logger, exception);
        }
    }
}
