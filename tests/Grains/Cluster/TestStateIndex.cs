using System.Text;
using System.Text.Json;
using KeysCluster.Grains.Storage;
using KeysCluster.Time;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>Lists the rows of <see cref="TestStorage"/> in the order that the database's index has.</summary>
internal sealed class TestStateIndex(TestStorage storage) : IStateIndex
{
    public Task<IReadOnlyList<byte[]>> ListAfterAsync(
        string stateName, string owner, IndexPosition? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<byte[]>>([.. Entries(stateName, owner)
            .Where(entry => after is not { } position
                || Compare(entry, UtcMillisecondJsonConverter.Format(position.CreatedAt), position.Id) < 0)
            .Take(limit).Select(entry => Encoding.UTF8.GetBytes(entry.Row.Json))]);

    public Task<IReadOnlyList<byte[]>> ListPageAsync(
        string stateName, string owner, long offset, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<byte[]>>([.. Entries(stateName, owner)
            .Skip((int)offset).Take(limit).Select(entry => Encoding.UTF8.GetBytes(entry.Row.Json))]);

    public Task<long> CountAsync(string stateName, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Entries(stateName, owner).LongCount());

    private IEnumerable<Entry> Entries(string stateName, string owner) => storage.Rows
        .Where(row => row.StateName == stateName)
        .Select(row => new Entry(row, JsonDocument.Parse(row.Json).RootElement))
        .Where(entry => entry.Owner == owner)
        .OrderByDescending(entry => entry.CreatedAt, StringComparer.Ordinal)
        .ThenByDescending(entry => entry.Id, StringComparer.Ordinal);

    private static int Compare(Entry entry, string createdAt, string id) =>
        string.CompareOrdinal(entry.CreatedAt, createdAt) is not 0 and var order
            ? order
            : string.CompareOrdinal(entry.Id, id);

    private sealed record Entry(StoredRow Row, JsonElement Json)
    {
        public string Owner => Json.TryGetProperty("project_id", out var owner) ? owner.GetString()! : "";

        public string CreatedAt => Json.GetProperty("created_at").GetString()!;

        public string Id => Json.GetProperty("id").GetString()!;
    }
}
