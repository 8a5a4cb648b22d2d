using KeysCluster.Imports;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Imports;

/// <summary>The hash schemes of imported secrets that this silo can apply.</summary>
internal sealed partial class HashSchemes(
    IImportedKeyStore store,
    IOptionsMonitor<ImportKeyOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<HashSchemes> logger)
{
    /// <summary>
    /// The time after which every validator applies a new scheme. When a client reads a silo's list, the list may be as
    /// old as permitted. The rest is for the difference between the clocks of two silos.
    /// </summary>
    private static readonly TimeSpan PublicationTime = 3 * ImportLimits.MaxSchemeAge;

    private readonly LogThrottle _missingLog = new(time);

    /// <summary>Returns the schemes in use. Those whose HMAC key this silo does not have are left out.</summary>
    public async Task<IReadOnlyList<HashScheme>> ListAsync(CancellationToken cancellationToken)
    {
        var schemes = new List<HashScheme>();
        foreach (var stored in await store.ListSchemesAsync(cancellationToken))
        {
            if (Find(stored.Name) is { } scheme) schemes.Add(scheme);
            else if (_missingLog.TryEnter(out var suppressed)) LogKeyMissing(logger, stored.Name, suppressed);
        }

        return schemes;
    }

    /// <summary>Adds a scheme, and waits until every validator applies it.</summary>
    /// <returns>Whether this silo can apply the scheme.</returns>
    public async Task<bool> AddAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is null) return false;
        var now = time.GetUtcNow();
        var stored = await store.AddSchemeAsync(new StoredHashScheme(name, now), cancellationToken);
        var remaining = stored.AddedAt + PublicationTime - now;
        if (remaining <= TimeSpan.Zero) return true;
        LogAdded(logger, name);
        await Task.Delay(remaining < PublicationTime ? remaining : PublicationTime, time, cancellationToken);
        return true;
    }

    private HashScheme? Find(string name)
    {
        if (name is HashScheme.Sha256 or HashScheme.Sha512) return new HashScheme(name);
        if (!name.StartsWith(HashScheme.HmacSha256Prefix, StringComparison.Ordinal)) return null;
        var key = options.CurrentValue.FindKey(name[HashScheme.HmacSha256Prefix.Length..]);
        return key is null ? null : new HashScheme(name, key);
    }
}
