using KeysCluster.Api.Errors;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Imports;

/// <summary>
/// Creates virtual keys with secrets of another system. A key that a silo has with the same secret is not created
/// again, so that an import can be repeated after a failure whose outcome is unknown.
/// </summary>
internal sealed class KeyImporter(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Enough to write in batches, and few enough to leave capacity to other requests.</summary>
    private const int MaxConcurrency = 64;

    /// <summary>Returns a result for each item, in their order.</summary>
    public async Task<IReadOnlyList<ImportResult>> ImportAsync(IReadOnlyList<ImportItem> items, Caller caller)
    {
        var missing = await AddSchemesAsync(items);
        var results = new ImportResult?[items.Count];
        var firsts = new Dictionary<Sha256Digest, int>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Error is { } error) results[i] = ImportResult.Failed(error);
            else if (missing.Contains(items[i].Scheme)) results[i] = ImportResult.Failed(ApiErrors.HmacKeyMissing);
            else firsts.TryAdd(items[i].Digest, i);
        }

        int[] candidates = [.. firsts.Values];
        await FindExistingAsync(candidates);
        await Parallel.ForEachAsync(
            candidates.Where(i => results[i] is null),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency },
            async (i, _) => results[i] = await CreateAsync(items[i], caller));

        // Another request may have created them meanwhile.
        await FindExistingAsync([.. candidates.Where(i => results[i] is null)]);
        for (var i = 0; i < items.Count; i++) results[i] ??= RepeatFirst(results[firsts[items[i].Digest]]);
        return results!;

        async Task FindExistingAsync(int[] indexes)
        {
            if (indexes.Length == 0) return;
            var keys = await grains.GetValidationGrain().FindImportedKeys([.. indexes.Select(i => items[i].Digest)]);
            foreach (var (i, key) in indexes.Zip(keys))
            {
                if (key is null) continue;
                results[i] = key.Project == caller.Project
                    ? ImportResult.Unchanged(key.Id.ToString())
                    : ImportResult.Failed(ApiErrors.SecretTaken);
            }
        }
    }

    /// <summary>Returns the result for a key that the request contains twice.</summary>
    private static ImportResult RepeatFirst(ImportResult? first) => first switch
    {
        null => ImportResult.Failed(ApiErrors.SecretTaken),
        { VirtualKeyId: { } id } => ImportResult.Unchanged(id),
        _ => first,
    };

    /// <summary>Returns the schemes that the silos cannot apply.</summary>
    private async Task<IReadOnlySet<string>> AddSchemesAsync(IReadOnlyList<ImportItem> items)
    {
        var missing = new HashSet<string>();
        foreach (var scheme in items.Where(item => item.Error is null).Select(item => item.Scheme).Distinct())
            if (!await grains.GetValidationGrain().AddHashScheme(scheme)) missing.Add(scheme);
        return missing;
    }

    /// <summary>Returns null if another key has the secret.</summary>
    private async Task<ImportResult?> CreateAsync(ImportItem item, Caller caller)
    {
        var now = time.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var key = item.Key;
        var result = await grains.GetVirtualKeyGrain(id).Create(new CreateVirtualKeyCommand
        {
            Caller = caller,
            Name = key.Name,
            Description = key.Description,
            Environment = key.Environment,
            PrincipalUserId = key.PrincipalUserId,
            ProviderCredentialIds = [],
            ExpiresAt = key.ExpiresAt,
            Permissions = key.Permissions,
            ExternalId = key.ExternalId,
            Metadata = key.Metadata,
            AllowedIps = AllowedIpRange.ParseAll(key.AllowedIps),
            Secret = new NewSecret(SecretId.New(now), item.Digest, key.DisplayPrefix),
            IsImported = true,
            IsDisabled = key.Disabled,
        });
        if (result.Outcome == ChangeOutcome.SecretTaken) return null;
        return result.ToError() is { } error ? ImportResult.Failed(error) : ImportResult.Imported(id);
    }
}
