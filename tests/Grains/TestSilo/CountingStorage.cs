using System.Collections.Concurrent;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// In-memory storage for floods of reads: it counts them, but keeps nothing about the ids that are read. A test can
/// block all reads.
/// </summary>
internal sealed class CountingStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _rows = new();
    private readonly ConditionWaiter _waiter = new();
    private TaskCompletionSource? _blocked;
    private long _readCount;
    private int _readsInFlight;

    /// <summary>The number of reads that have begun.</summary>
    public long ReadCount => _waiter.Read(() => _readCount);

    public void Put(VirtualKeyState state) =>
        _rows[state.Id] = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);

    /// <summary>Removes the key of a secret.</summary>
    public void Remove(Secret secret) => _rows.TryRemove(VirtualKeyId.FromSecret(secret).ToString(), out _);

    /// <summary>Blocks reads that begin from now on.</summary>
    public void BlockReads() => _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void UnblockReads() => _blocked!.SetResult();

    /// <summary>Completes when a number of reads have begun and not ended.</summary>
    public Task WaitForReadsInFlightAsync(int count) => _waiter.UntilAsync(() => _readsInFlight == count);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _waiter.Update(() =>
        {
            _readCount++;
            _readsInFlight++;
        });
        if (_blocked is { } blocked) await blocked.Task;
        if (_rows.TryGetValue(grainId.Key.ToString()!, out var row))
        {
            grainState.State = JsonSerializer.Deserialize<T>(row, StateJson.Options)!;
            (grainState.RecordExists, grainState.ETag) = (true, "1");
        }

        _waiter.Update(() => _readsInFlight--);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations never write.");

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations never write.");
}
