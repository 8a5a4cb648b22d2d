using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>
/// Storage in memory that outlives activations, keeps states as the text that the database would hold, refuses a write
/// with an old version, counts, and fails or waits when a test says so.
/// </summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId Grain), StoredRow> _rows = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _operations = new();

    public IEnumerable<StoredRow> Rows => _rows.Values;

    public StoredRow? Row(string stateName, GrainId grain) => _rows.GetValueOrDefault((stateName, grain));

    public OperationControl Reads(GrainId grain) => _operations.GetOrAdd(GetOperationKey("read", grain), _ => new());

    public OperationControl Writes(GrainId grain) => _operations.GetOrAdd(GetOperationKey("write", grain), _ => new());

    /// <summary>Another writer, unknown to the activation, gets in between.</summary>
    public void Overwrite<T>(string stateName, GrainId grain, Func<T, T> change) => _rows[(stateName, grain)] =
        Row(stateName, grain)!.WithJson(JsonSerializer.Serialize(change(Row(stateName, grain)!.DeserializeState<T>()), StateJson.Options));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Reads(grainId).RunAsync(() =>
        {
            var row = Row(stateName, grainId);
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
                var row = Row(stateName, grainId);
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

    private static GrainId GetOperationKey(string kind, GrainId grain) => GrainId.Create(kind, grain.ToString());
}

/// <summary>A grain's state at rest.</summary>
internal sealed record StoredRow(string StateName, string Json, int Version)
{
    public string ETag => Version.ToString(CultureInfo.InvariantCulture);

    public T DeserializeState<T>() => JsonSerializer.Deserialize<T>(Json, StateJson.Options)!;

    public StoredRow WithJson(string json) => this with { Json = json, Version = Version + 1 };
}
