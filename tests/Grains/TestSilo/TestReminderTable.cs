using System.Collections.Concurrent;
using System.Globalization;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// In-memory reminders that survive deactivations. A test can block registrations and reads, make them fail, and count
/// them.
/// </summary>
internal sealed class TestReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _registrations = new();
    private readonly ConcurrentDictionary<GrainId, OperationControl> _reads = new();
    private int _version;

    public OperationControl Registrations(GrainId grain) => _registrations.GetOrAdd(grain, _ => new());

    /// <summary>The reads of a single reminder by its grain.</summary>
    public OperationControl Reads(GrainId grain) => _reads.GetOrAdd(grain, _ => new());

    /// <summary>Removes the reminder, as if the silo had crashed between a change and the registration.</summary>
    public void Remove(GrainId grain)
    {
        foreach (var row in _rows.Where(row => row.Key.Grain == grain)) _rows.TryRemove(row);
    }

    /// <summary>Returns the first due time of the grain's reminder; null when it has none.</summary>
    public DateTimeOffset? GetDueTime(GrainId grain) =>
        _rows.Values.SingleOrDefault(row => row.GrainId == grain) is { } row
            ? new DateTimeOffset(row.StartAt, TimeSpan.Zero)
            : null;

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId)));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        Task.FromResult(new ReminderTableData(
            _rows.Values.Where(row => IsWithin(row.GrainId.GetUniformHashCode(), begin, end)).ToList()));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        await Reads(grainId).RunAsync(() => Task.CompletedTask);
        return _rows.GetValueOrDefault((grainId, reminderName));
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
        await Registrations(entry.GrainId).RunAsync(() =>
        {
            _rows[(entry.GrainId, entry.ReminderName)] = entry;
            return Task.CompletedTask;
        });
        return entry.ETag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        _rows.TryGetValue((grainId, reminderName), out var row) && row.ETag == eTag
        && _rows.TryRemove(new KeyValuePair<(GrainId, string), ReminderEntry>((grainId, reminderName), row)));

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }

    /// <summary>The range (begin, end] on a ring. Equal bounds stand for the whole ring.</summary>
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin < end ? begin < hash && hash <= end : hash > begin || hash <= end;
}
