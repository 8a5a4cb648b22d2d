using System.Collections.Concurrent;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Storage that answers from memory, "no row" for a million others, and remembers nothing but counts.</summary>
internal sealed class CountedRows : IGrainStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _rows = new();
    private TaskCompletionSource? _closed;
    private long _reads;
    private int _underWay;

    /// <summary>Reads that have begun.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Reads that have begun and not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public void Put(VirtualKeyState state) => _rows[state.Id] = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);

    /// <summary>From now on reads begin and do not end.</summary>
    public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _closed!.SetResult();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _reads);
        Interlocked.Increment(ref _underWay);
        if (_closed is { } closed) await closed.Task;
        if (_rows.TryGetValue(grainId.Key.ToString()!, out var row))
        {
            grainState.State = JsonSerializer.Deserialize<T>(row, StateJson.Options)!;
            (grainState.RecordExists, grainState.ETag) = (true, "1");
        }

        Interlocked.Decrement(ref _underWay);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations write nothing.");

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("Validations write nothing.");
}
