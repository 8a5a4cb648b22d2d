using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Storage;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// In-memory storage that survives deactivations and rejects a write with an outdated ETag. A test can block reads and
/// writes, make them fail, and count them.
/// </summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId Grain), StoredRow> _rows = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _reads = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _writes = new();

    public IEnumerable<StoredRow> Rows => _rows.Values;

    public StoredRow? FindRow(string stateName, GrainId grain) => _rows.GetValueOrDefault((stateName, grain));

    public OperationControl Reads(GrainId grain) => _reads.GetOrAdd(grain, _ => new());

    public OperationControl Writes(GrainId grain) => _writes.GetOrAdd(grain, _ => new());

    /// <summary>Changes a row as another silo would. The activation then has an outdated ETag.</summary>
    public void Overwrite<T>(string stateName, GrainId grain, Func<T, T> change)
    {
        var row = FindRow(stateName, grain)!;
        var json = JsonSerializer.Serialize(change(row.DeserializeState<T>()), StateJson.Options);
        _rows[(stateName, grain)] = row.WithJson(json);
    }

    /// <summary>Changes the JSON of a row, for content that this build cannot write.</summary>
    public void OverwriteJson(string stateName, GrainId grain, Action<JsonObject> change)
    {
        var row = FindRow(stateName, grain)!;
        var json = row.ParseJson();
        change(json);
        _rows[(stateName, grain)] = row.WithJson(json.ToJsonString());
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Reads(grainId).RunAsync(() =>
        {
            var row = FindRow(stateName, grainId);
            grainState.RecordExists = row is not null;
            grainState.ETag = row?.ETag;
            grainState.State = row is null ? default! : row.DeserializeState<T>();
            return Task.CompletedTask;
        });

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Writes(grainId).RunAsync(() =>
        {
            var json = JsonSerializer.Serialize(grainState.State, StateJson.Options);
            lock (_rows)
            {
                var row = FindRow(stateName, grainId);
                if (row?.ETag != grainState.ETag)
                    throw new InconsistentStateException("Another version is stored.", row?.ETag, grainState.ETag);
                row = row is null ? new StoredRow(stateName, json, Version: 1) : row.WithJson(json);
                _rows[(stateName, grainId)] = row;
                (grainState.ETag, grainState.RecordExists) = (row.ETag, true);
            }

            return Task.CompletedTask;
        });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("The service never clears a state.");
}
