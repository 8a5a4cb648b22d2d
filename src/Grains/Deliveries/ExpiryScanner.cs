using KeysCluster.Grains.VirtualKeys;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Has virtual keys record the events that announce an expiry. It looks for what has come near since the last time, so
/// a key that is created two days before its expiry is not announced seven days ahead.
/// </summary>
internal sealed class ExpiryScanner(
    IExpirySource source, IGrainFactory grains, [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    private const int MaxConcurrency = 8;

    /// <summary>The retiring secrets of which the grains know already.</summary>
    private HashSet<(VirtualKeyId, DateTimeOffset)> _known = [];

    /// <summary>Announces the expiries since a time.</summary>
    /// <param name="since">The result of the last call; null if there was none.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>The time up to which expiries are announced.</returns>
    public async Task<DateTimeOffset> ScanAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var days in ExpiryNotices.DaysAhead)
        {
            var ahead = TimeSpan.FromDays(days);
            var keys = await source.FindExpiringAsync((since ?? now) + ahead, now + ahead, cancellationToken);
            await CallAsync(keys, key => key.RecordExpiry(days), cancellationToken);
        }

        var retiring = await source.FindRetiringAsync(now + ExpiryNotices.SecretLeadTime, cancellationToken);
        var added = retiring.Where(found => !_known.Contains(found)).Select(found => found.Key).Distinct();
        await CallAsync(added, key => key.RecordExpiringSecrets(), cancellationToken);
        _known = [.. retiring];
        return now;
    }

    private Task CallAsync(
        IEnumerable<VirtualKeyId> keys, Func<IVirtualKeyGrain, Task> call, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken },
            async (key, _) => await call(grains.GetVirtualKeyGrain(key)));
}
