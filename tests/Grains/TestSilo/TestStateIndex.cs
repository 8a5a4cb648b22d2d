using System.Globalization;
using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Lists the rows of <see cref="TestStorage"/> in the order of the database's index.</summary>
internal sealed class TestStateIndex(TestStorage storage) : IStateIndex
{
    public Task<IReadOnlyList<IndexedState>> ListAfterAsync(
        string stateName, string project, IndexPosition? after, int limit, CancellationToken cancellationToken)
    {
        var entries = GetEntries(stateName, project).Where(entry => after is not { } position
            || Compare(entry, UtcMillisecondJsonConverter.Format(position.CreatedAt), position.Id) < 0);
        return Task.FromResult(GetStates(entries.Take(limit)));
    }

    public Task<IReadOnlyList<IndexedState>> FindVirtualKeysAsync(
        string project,
        VirtualKeyFilter filter,
        IndexPosition? after,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException("Filters are tested on the databases.");

    public Task<IReadOnlyList<IndexedState>> ListPageAsync(
        string stateName, string project, long offset, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(GetStates(GetEntries(stateName, project).Skip((int)offset).Take(limit)));

    public Task<long> CountAsync(string stateName, string project, CancellationToken cancellationToken) =>
        Task.FromResult(GetEntries(stateName, project).LongCount());

    private static IReadOnlyList<IndexedState> GetStates(IEnumerable<Entry> entries) =>
    [
        .. entries.Select(entry => new IndexedState(
            new IndexPosition(DateTimeOffset.Parse(entry.CreatedAt, CultureInfo.InvariantCulture), entry.Id),
            Encoding.UTF8.GetBytes(entry.Row.Json))),
    ];

    private IEnumerable<Entry> GetEntries(string stateName, string project) => storage.Rows
        .Where(row => row.StateName == stateName)
        .Select(row => new Entry(row, JsonDocument.Parse(row.Json).RootElement))
        .Where(entry => entry.Project == project)
        .OrderByDescending(entry => entry.CreatedAt, StringComparer.Ordinal)
        .ThenByDescending(entry => entry.Id, StringComparer.Ordinal);

    private static int Compare(Entry entry, string createdAt, string id) =>
        string.CompareOrdinal(entry.CreatedAt, createdAt) is not 0 and var order
            ? order
            : string.CompareOrdinal(entry.Id, id);

    private sealed record Entry(StoredRow Row, JsonElement Json)
    {
        public string Project => Json.TryGetProperty("project_id", out var project) ? project.GetString()! : "";

        public string CreatedAt => Json.GetProperty("created_at").GetString()!;

        public string Id => Json.GetProperty("id").GetString()!;
    }
}
