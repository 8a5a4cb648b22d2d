using System.Collections.Concurrent;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Storage that answers from memory, "no row" for a million others, and remembers nothing but counts.</summary>
internal sealed class CountingStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _rows = new();
    private TaskCompletionSource? _blocked;
    private long _readCount;
    private int _readsInFlight;

    /// <summary>Reads that have begun.</summary>
    public long ReadCount => Interlocked.Read(ref _readCount);

    /// <summary>Reads that have begun and not ended.</summary>
    public int ReadsInFlight => Volatile.Read(ref _readsInFlight);

    public void Put(VirtualKeyState state) => _rows[state.Id] = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);

    /// <summary>From now on reads begin and do not end.</summary>
    public void BlockReads() => _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void UnblockReads() => _blocked!.SetResult();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _readCount);
        Interlocked.Increment(ref _readsInFlight);
        if (_blocked is { } closed) await closed.Task;
        if (_rows.TryGetValue(grainId.Key.ToString()!, out var row))
        {
            grainState.State = JsonSerializer.Deserialize<T>(row, StateJson.Options)!;
            (grainState.RecordExists, grainState.ETag) = (true, "1");
        }

        Interlocked.Decrement(ref _readsInFlight);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations write nothing.");

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations write nothing.");
}
