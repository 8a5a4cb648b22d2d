using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Storage;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// In-memory storage that survives deactivations and rejects a write with an outdated ETag. Like the database, it
/// stores the erasure reminder of a state with the state. A test can block reads and writes, make them fail, and count
/// them.
/// </summary>
internal sealed class TestStorage(TestReminderTable reminders) : IGrainStorage, IStateInserter
{
    /// <summary>The trigger of the database uses the same values.</summary>
    private static readonly TimeSpan ReminderDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string StateName, GrainId Grain), StoredRow> _rows = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _reads = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _writes = new();

    public IEnumerable<StoredRow> Rows => _rows.Values;

    /// <summary>Receives the event of each write that records one, in the transaction of the write.</summary>
    public Action<GrainId, long>? EventStored { get; set; }

    public StoredRow? FindRow(string stateName, GrainId grain) => _rows.GetValueOrDefault((stateName, grain));

    public OperationControl Reads(GrainId grain) => _reads.GetOrAdd(grain, _ => new());

    public OperationControl Writes(GrainId grain) => _writes.GetOrAdd(grain, _ => new());

    /// <summary>Changes a row as another silo would. The activation then has an outdated ETag.</summary>
    public void Overwrite<T>(string stateName, GrainId grain, Func<T, T> change)
    {
        var row = FindRow(stateName, grain)!;
        var json = JsonSerializer.Serialize(change(row.DeserializeState<T>()), StateJson.Options);
        Store(grain, row, row.WithJson(json));
    }

    /// <summary>Removes a row, as the erasure of a project does.</summary>
    public void Remove(string stateName, GrainId grain) => _rows.TryRemove((stateName, grain), out _);

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
                var next = row is null ? new StoredRow(stateName, json, Version: 1) : row.WithJson(json);
                Store(grainId, row, next);
                (grainState.ETag, grainState.RecordExists) = (next.ETag, true);
            }

            return Task.CompletedTask;
        });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("The service never clears a state.");

    public Task InsertAsync(
        string stateName, IReadOnlyList<NewState> states, CancellationToken cancellationToken)
    {
        lock (_rows)
        {
            foreach (var state in states)
            {
                var json = Encoding.UTF8.GetString(state.Payload.Span);
                Store(state.Grain, before: null, new StoredRow(stateName, json, Version: 1));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Does what the database does in one transaction.</summary>
    private void Store(GrainId grain, StoredRow? before, StoredRow row)
    {
        _rows[(row.StateName, grain)] = row;
        var state = row.ParseJson();
        if (state["erase_at"] is { } eraseAt)
        {
            var due = DateTimeOffset.Parse(eraseAt.GetValue<string>(), CultureInfo.InvariantCulture) + ReminderDelay;
            reminders.Store(new ReminderEntry
            {
                GrainId = grain,
                ReminderName = ErasureReminder.Name,
                StartAt = due.UtcDateTime,
                Period = ReminderPeriod,
            });
        }

        if (!JsonNode.DeepEquals(GetEventNumber(state), before is null ? null : GetEventNumber(before.ParseJson())))
            EventStored?.Invoke(grain, state["revision"]!.GetValue<long>());
    }

    private static JsonNode? GetEventNumber(JsonObject state) => state["change"]!["number"];
}
