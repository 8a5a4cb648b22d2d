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
    private readonly ConcurrentDictionary<GrainId, DateTime> _loaded = new();
    private int _version;

    public OperationControl Registrations(GrainId grain) => _registrations.GetOrAdd(grain, _ => new());

    /// <summary>The reads of a single reminder by its grain.</summary>
    public OperationControl Reads(GrainId grain) => _reads.GetOrAdd(grain, _ => new());

    /// <summary>Stores a reminder with a state, like the database. The reminder service does not see it.</summary>
    public void Store(ReminderEntry entry)
    {
        entry.ETag = NextETag();
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
    }

    /// <summary>
    /// Returns the due time of the grain's reminder as the reminder service knows it; null when it does not know the
    /// stored one yet, nor a registered one that is due soon after.
    /// </summary>
    public DateTimeOffset? GetLoadedDueTime(GrainId grain) =>
        FindRow(grain) is { } row
        && _loaded.TryGetValue(grain, out var loaded)
        && loaded >= row.StartAt
        && loaded <= row.StartAt + row.Period
            ? new DateTimeOffset(loaded, TimeSpan.Zero)
            : null;

    /// <summary>Returns the first due time of the grain's reminder; null when it has none.</summary>
    public DateTimeOffset? GetDueTime(GrainId grain) =>
        FindRow(grain) is { } row ? new DateTimeOffset(row.StartAt, TimeSpan.Zero) : null;

    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId)));

    public Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var rows = _rows.Values.Where(row => IsWithin(row.GrainId.GetUniformHashCode(), begin, end)).ToList();
        foreach (var row in rows) _loaded[row.GrainId] = row.StartAt;
        return Task.FromResult(new ReminderTableData(rows));
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        await Reads(grainId).RunAsync(() => Task.CompletedTask);
        return _rows.GetValueOrDefault((grainId, reminderName));
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = NextETag();
        await Registrations(entry.GrainId).RunAsync(() =>
        {
            _rows[(entry.GrainId, entry.ReminderName)] = entry;
            _loaded[entry.GrainId] = entry.StartAt;
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

    private ReminderEntry? FindRow(GrainId grain) => _rows.Values.SingleOrDefault(row => row.GrainId == grain);

    private string NextETag() => Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);

    /// <summary>The range (begin, end] on a ring. Equal bounds stand for the whole ring.</summary>
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin < end ? begin < hash && hash <= end : hash > begin || hash <= end;
}
