using System.Collections.Concurrent;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Has virtual keys record the events that announce an expiry. It looks for what has come near since the last time, so
/// a key that is created two days before its expiry is not announced seven days ahead. A key that cannot record an
/// event delays no other.
/// </summary>
internal sealed partial class ExpiryScanner(
    IExpirySource source,
    IGrainFactory grains,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<ExpiryScanner> logger)
{
    /// <summary>
    /// When a key is called again that could not record an event, or has a retiring secret in its last hour: the secret
    /// may have been used since, or the key may have another one, of which only the earliest deadline is found.
    /// </summary>
    public static readonly TimeSpan RepeatPeriod = TimeSpan.FromMinutes(1);

    private const int MaxConcurrency = 8;

    private readonly LogThrottle _failedLog = new(time);

    /// <summary>When the keys of <see cref="WebhookCursor.Unannounced"/> were called last.</summary>
    private readonly Dictionary<VirtualKeyId, DateTimeOffset> _retriedAt = [];

    /// <summary>When the keys with a retiring secret in its last hour were called last.</summary>
    private Dictionary<VirtualKeyId, DateTimeOffset> _calledAt = [];

    /// <summary>Announces the expiries since the last call.</summary>
    /// <param name="cursor">The cursor after the last call.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>The cursor with the time up to which expiries are announced, and the keys that failed.</returns>
    /// <exception cref="Exception">The database failed. The call can be repeated.</exception>
    public async Task<WebhookCursor> ScanAsync(WebhookCursor cursor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = cursor.AnnouncedUntil ?? now;

        // The later call of a key includes what an earlier one has missed.
        Dictionary<VirtualKeyId, int> due = [];
        foreach (var days in ExpiryNotices.DaysAhead)
        {
            var ahead = TimeSpan.FromDays(days);
            foreach (var key in await source.FindExpiringAsync(since + ahead, now + ahead, cancellationToken))
                due[key] = days;
        }

        var missed = cursor.Unannounced?.ToDictionary(entry => VirtualKeyId.Parse(entry.Key), entry => entry.Value)
            ?? [];
        foreach (var (key, days) in missed.Where(entry => IsRetried(entry.Key, now))) due.TryAdd(key, days);
        var failed = await CallAsync(due.Keys, (grain, key) => grain.RecordExpiry(due[key]), cancellationToken);
        foreach (var (key, days) in due)
        {
            missed.Remove(key);
            _retriedAt.Remove(key);
            if (!failed.Contains(key)) continue;
            missed[key] = days;
            _retriedAt[key] = now;
        }

        await AnnounceRetiringAsync(now, cancellationToken);
        return cursor with
        {
            AnnouncedUntil = now,
            Unannounced = missed.Count == 0
                ? null
                : missed.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
        };
    }

    private async Task AnnounceRetiringAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var retiring = await source.FindRetiringAsync(now + ExpiryNotices.SecretLeadTime, cancellationToken);
        var keys = retiring.Select(found => found.Key).ToHashSet();
        var due = keys
            .Where(key => !_calledAt.TryGetValue(key, out var at) || at + RepeatPeriod <= now)
            .ToHashSet();
        await CallAsync(due, (grain, _) => grain.RecordExpiringSecrets(), cancellationToken);
        _calledAt = keys.ToDictionary(key => key, key => due.Contains(key) ? now : _calledAt[key]);
    }

    private bool IsRetried(VirtualKeyId key, DateTimeOffset now) =>
        !_retriedAt.TryGetValue(key, out var at) || at + RepeatPeriod <= now;

    /// <summary>Calls keys, and returns those that failed.</summary>
    private async Task<HashSet<VirtualKeyId>> CallAsync(
        IEnumerable<VirtualKeyId> keys,
        Func<IVirtualKeyGrain, VirtualKeyId, Task> call,
        CancellationToken cancellationToken)
    {
        ConcurrentBag<VirtualKeyId> failed = [];
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken },
            async (key, _) =>
            {
                try
                {
                    await call(grains.GetVirtualKeyGrain(key), key);
                }
                catch (Exception exception)
                {
                    failed.Add(key);
                    if (_failedLog.TryEnter(out var suppressed)) LogFailed(logger, exception, key, suppressed);
                }
            });
        return [.. failed];
    }
}
