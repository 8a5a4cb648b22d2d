using System.Diagnostics;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Time;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Imports;
using KeysCluster.Storage;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Imports;

/// <summary>
/// Creates the virtual keys of an import in one transaction, without their grains: nobody else knows the new ids. If
/// the transaction breaks a rule, each key is created by its grain, which tells which ones are refused.
/// </summary>
internal sealed partial class KeyImporter(
    HashSchemes schemes,
    ImportedKeyFinder finder,
    IStateInserter inserter,
    StateMac mac,
    SecretHolderServices services,
    IGrainFactory grains,
    ILogger<KeyImporter> logger)
{
    private const int MaxConcurrency = 64;

    private readonly StateJsonSerializer _serializer = new(mac);

    /// <summary>Returns a result for each key, in their order.</summary>
    public async Task<IReadOnlyList<ImportKeyResult>> ImportAsync(IReadOnlyList<ImportKeyCommand> keys)
    {
        var unknownSchemes = await AddSchemesAsync(keys);
        var results = new ImportKeyResult?[keys.Count];
        var firsts = new Dictionary<Sha256Digest, int>();
        for (var i = 0; i < keys.Count; i++)
        {
            if (unknownSchemes.Contains(keys[i].Scheme)) results[i] = new(ChangeOutcome.HashSchemeUnknown);
            else firsts.TryAdd(keys[i].Key.Secret.Digest, i);
        }

        int[] candidates = [.. firsts.Values];
        await FindExistingAsync(keys, results, candidates);
        await CreateAsync(keys, results, [.. candidates.Where(i => results[i] is null)]);

        // Another import has created the others meanwhile.
        await FindExistingAsync(keys, results, [.. candidates.Where(i => results[i] is null)]);
        return [.. keys.Select((key, i) => results[i] ?? RepeatFirst(results[firsts[key.Key.Secret.Digest]]))];
    }

    /// <summary>Returns the result for a secret that the import contains twice.</summary>
    private static ImportKeyResult RepeatFirst(ImportKeyResult? first) => first switch
    {
        null => new(ChangeOutcome.SecretTaken),
        { Outcome: ChangeOutcome.Done } => first with { Outcome = ChangeOutcome.AlreadyExists },
        _ => first,
    };

    /// <summary>Returns the schemes that this silo cannot apply.</summary>
    private async Task<HashSet<string>> AddSchemesAsync(IReadOnlyList<ImportKeyCommand> keys)
    {
        var unknown = new HashSet<string>();
        foreach (var scheme in keys.Select(key => key.Scheme).Distinct())
        {
            var isKnown = await StorageGuard.ExecuteAsync(
                logger, "hash schemes", () => schemes.AddAsync(scheme, CancellationToken.None));
            if (!isKnown) unknown.Add(scheme);
        }

        return unknown;
    }

    private async Task FindExistingAsync(
        IReadOnlyList<ImportKeyCommand> keys, ImportKeyResult?[] results, int[] indexes)
    {
        if (indexes.Length == 0) return;
        var found = await FindAsync([.. indexes.Select(i => keys[i].Key.Secret.Digest)]);
        foreach (var (i, key) in indexes.Zip(found))
        {
            if (key is null) continue;
            results[i] = key.Project == keys[i].Key.Caller.Project
                ? new(ChangeOutcome.AlreadyExists, key.Id)
                : new(ChangeOutcome.SecretTaken);
        }
    }

    private async Task<IReadOnlyList<ImportedKey?>> FindAsync(IReadOnlyList<Sha256Digest> digests)
    {
        try
        {
            return await finder.FindImportedKeysAsync(digests);
        }
        catch (ValidationUnavailableException)
        {
            throw new StorageUnavailableException();
        }
    }

    private async Task CreateAsync(IReadOnlyList<ImportKeyCommand> keys, ImportKeyResult?[] results, int[] indexes)
    {
        var now = services.Time.GetUtcNowMilliseconds();
        if (!services.Clock.IsAccurate) throw new StorageUnavailableException();
        var pepper = services.Ring.Peppers.Current;
        var states = new List<(int Index, NewState State)>();
        foreach (var i in indexes)
        {
            var (id, command) = (keys[i].Id, keys[i].Key);
            var secret = StoredSecret.From(command.Secret, pepper, now, isImported: true);
            var decision = VirtualKeyLifecycle.Create(id.ToString(), command, secret, now);
            if (decision.State is { } state) states.Add((i, Serialize(id, EventRecorder.Record(null, state))));
            else results[i] = new(decision.Outcome);
        }

        if (states.Count == 0) return;
        if (await TryInsertAsync([.. states.Select(entry => entry.State)]))
        {
            foreach (var (i, _) in states) results[i] = new(ChangeOutcome.Done, keys[i].Id);
            return;
        }

        await Parallel.ForEachAsync(
            states.Select(entry => entry.Index),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency },
            async (i, _) => results[i] = await CreateAsync(keys[i]));
    }

    private NewState Serialize(VirtualKeyId id, VirtualKeyState state) => new(
        grains.GetVirtualKeyGrain(id).GetGrainId(), _serializer.Serialize(state).ToMemory());

    /// <summary>Stores the states; false if one of them breaks a rule, so that none was stored.</summary>
    private async Task<bool> TryInsertAsync(IReadOnlyList<NewState> states)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            await inserter.InsertAsync(StorageNames.VirtualKey, states, CancellationToken.None);
        }
        catch (StateConstraintException)
        {
            return false;
        }
        catch (Exception exception)
        {
            LogUnknownOutcome(logger, exception, states.Count);
            throw new StorageUnavailableException();
        }

        services.Metrics.CountImport(states.Count, startedAt);
        return true;
    }

    /// <summary>Returns null if another key has the secret.</summary>
    private async Task<ImportKeyResult?> CreateAsync(ImportKeyCommand key)
    {
        var result = await grains.GetVirtualKeyGrain(key.Id).Create(key.Key);
        return result.Outcome switch
        {
            ChangeOutcome.SecretTaken => null,
            ChangeOutcome.Done => new(ChangeOutcome.Done, key.Id),
            _ => new(result.Outcome),
        };
    }
}
