using System.Collections.Concurrent;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Storage that completes each read synchronously, from memory. Writes have no effect.</summary>
internal sealed class InMemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _rows = new();

    public void AddState(VirtualKeyState state) =>
        _rows[state.Id] = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Options);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_rows.TryGetValue(grainId.Key.ToString()!, out var row))
        {
            grainState.State = JsonSerializer.Deserialize<T>(row, StateJson.Options)!;
            (grainState.RecordExists, grainState.ETag) = (true, "1");
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
}
