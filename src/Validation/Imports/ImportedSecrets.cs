using BitFaster.Caching;
using BitFaster.Caching.Lru;
using KeysCluster.Imports;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Validation.Imports;

/// <summary>
/// Finds the virtual key of a presented secret that does not name it, because another system issued it. Caches what was
/// found: a secret belongs to the same key as long as the key exists. Whether the secret is valid is decided elsewhere,
/// as for any other secret of the key. Source: docs/adr/0030-imported-keys.md.
/// </summary>
internal sealed class ImportedSecrets
{
    /// <summary>The estimated memory of an entry, in bytes.</summary>
    private const int EntrySize = 480;

    /// <summary>The lowest number of entries that the LRU cache accepts as its capacity.</summary>
    private const int MinCount = 3;

    private readonly IImportedKeySource _source;
    private readonly HashSchemeCache _schemes;
    private readonly ConcurrentLru<string, ImportedSecret> _found;
    private readonly IAlternateLookup<ReadOnlySpan<char>, string, ImportedSecret> _foundBySpan;

    /// <param name="source">Where keys are searched for.</param>
    /// <param name="schemes">How their secrets may be hashed.</param>
    /// <param name="capacity">The memory that the entries may take, in bytes.</param>
    public ImportedSecrets(IImportedKeySource source, HashSchemeCache schemes, long capacity)
    {
        (_source, _schemes) = (source, schemes);
        var maxCount = (int)Math.Clamp(capacity / EntrySize, MinCount, int.MaxValue);
        _found = new(Environment.ProcessorCount, maxCount, StringComparer.Ordinal);
        _foundBySpan = _found.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Returns a secret that was found before; null if it was not.</summary>
    public ImportedSecret? Find(string? text)
    {
        if (!ImportLimits.MayBeSecret(text)) return null;
        Span<char> key = stackalloc char[SecretFingerprint.KeyTextLength];
        SecretFingerprint.From(text).FormatKey(key);
        return _foundBySpan.TryGet(key, out var found) ? found : null;
    }

    /// <summary>
    /// Returns whether a text, which is not a secret of this service, is none of another system either; false also if
    /// that is unknown, because the schemes could not be read.
    /// </summary>
    public bool IsMalformed(string? text) =>
        !ImportLimits.MayBeSecret(text) || _schemes.Find() is { Count: 0 };

    /// <summary>Finds the key of a text; null if there is none.</summary>
    /// <exception cref="ValidationUnavailableException">This cannot be determined now.</exception>
    public async ValueTask<ImportedSecret?> FindAsync(string? text)
    {
        if (!ImportLimits.MayBeSecret(text)) return null;
        if (Find(text) is { } cached) return cached;

        var schemes = await _schemes.GetAsync();
        if (schemes.Count == 0) return null;
        Sha256Digest[] digests = [.. schemes.Select(scheme => scheme.ComputeDigest(text))];
        var keys = await _source.FindImportedKeysAsync(digests);
        for (var i = 0; i < digests.Length; i++)
        {
            if (keys[i] is not { } key) continue;
            var found = new ImportedSecret(key.Id, new PresentedSecret(SecretFingerprint.From(text), digests[i]));
            _found.AddOrUpdate(GetKey(found), found);
            return found;
        }

        return null;
    }

    /// <summary>Removes a secret whose key no longer has it. It may have been imported again since.</summary>
    public void Remove(ImportedSecret secret) => _found.TryRemove(GetKey(secret));

    private static string GetKey(ImportedSecret secret) => string.Create(
        SecretFingerprint.KeyTextLength, secret, (key, found) => found.Presented.Fingerprint.FormatKey(key));
}
