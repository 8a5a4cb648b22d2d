using KeysCluster.Imports;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Validation.Imports;

/// <summary>
/// The hash schemes of imported secrets. They are read in the background, so that a validation of a text that is no
/// secret need not wait, and costs no call.
/// </summary>
internal sealed class HashSchemeCache(IImportedKeySource source, TimeProvider time) : BackgroundService
{
    /// <summary>Half of the maximum age, so that a slow read does not let the schemes expire.</summary>
    private static readonly TimeSpan RefreshInterval = ImportLimits.MaxSchemeAge / 2;

    private volatile CachedSchemes? _cached;

    /// <summary>Returns the schemes; null if they could not be read for a while.</summary>
    public IReadOnlyList<HashScheme>? Find() =>
        _cached is { } cached && time.GetElapsedTime(cached.ReadAt) < ImportLimits.MaxSchemeAge ? cached.Schemes : null;

    /// <summary>Returns the schemes, and reads them first if they could not be read for a while.</summary>
    /// <exception cref="ValidationUnavailableException">They cannot be read now.</exception>
    public ValueTask<IReadOnlyList<HashScheme>> GetAsync() => Find() is { } schemes ? new(schemes) : ReadAsync();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RefreshInterval, time);
        do
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception)
            {
                // The source has logged it. A validation that needs the schemes tries again.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async ValueTask<IReadOnlyList<HashScheme>> ReadAsync()
    {
        var readAt = time.GetTimestamp();
        var schemes = await source.GetHashSchemesAsync();
        _cached = new CachedSchemes(schemes, readAt);
        return schemes;
    }

    private sealed record CachedSchemes(IReadOnlyList<HashScheme> Schemes, long ReadAt);
}
