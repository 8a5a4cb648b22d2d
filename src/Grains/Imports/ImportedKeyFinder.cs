using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Verification;
using KeysCluster.Imports;
using KeysCluster.Validation;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Imports;

/// <summary>
/// Finds imported keys in the index of the database. Its reads are limited like those of unknown keys, which an
/// attacker can cause as well.
/// </summary>
internal sealed partial class ImportedKeyFinder(
    IImportedKeyStore store,
    HashSchemes schemes,
    PepperRing ring,
    ValidationReadLimiter limiter,
    ValidationReadOptions options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<ImportedKeyFinder> logger) : IImportedKeySource
{
    private readonly LogThrottle _failedLog = new(time);

    public async ValueTask<IReadOnlyList<HashScheme>> GetHashSchemesAsync() => await ReadAsync(schemes.ListAsync);

    public async ValueTask<IReadOnlyList<ImportedKey?>> FindImportedKeysAsync(IReadOnlyList<Sha256Digest> digests)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digests.Count, ImportLimits.MaxDigests);
        var peppers = ring.Peppers;
        string[][] hashes =
        [
            .. digests.Select(digest =>
                peppers.All.Select(pepper => Convert.ToBase64String(pepper.Hash(digest))).ToArray()),
        ];
        var keys = await ReadAsync(cancellation =>
            store.FindAsync([.. hashes.SelectMany(candidates => candidates)], cancellation));
        return
        [
            .. hashes.Select(candidates =>
                candidates.Select(hash => keys.GetValueOrDefault(hash)).FirstOrDefault(key => key is not null)),
        ];
    }

    private async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> readAsync)
    {
        try
        {
            using var slot = await limiter.AcquireAsync(isCached: false);
            using var timeout = new CancellationTokenSource(options.ReadTimeout, time);
            return await readAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            if (_failedLog.TryEnter(out var suppressed)) LogFailed(logger, exception, suppressed);
            throw new ValidationUnavailableException();
        }
    }
}
