using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Imports;
using KeysCluster.Imports;
using KeysCluster.Silo.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Silo.Imports;

/// <summary>
/// The index of imported keys: the table <c>KeysImportedSecret</c>, which triggers maintain. The SQL runs on PostgreSQL
/// and on SQLite. The schemes are in the metadata of the database.
/// </summary>
internal sealed class ImportedKeyStore(DbDataSource dataSource, string serviceId) : IImportedKeyStore
{
    private const string FindSql = """
        SELECT Hash, Id, ProjectId FROM KeysImportedSecret WHERE ServiceId = @ServiceId AND Hash IN (
        """;

    /// <summary>Before the name of each scheme.</summary>
    private const string Prefix = "hash_scheme:";

    private readonly DatabaseMetadata _metadata = new(dataSource);

    public async Task<IReadOnlyDictionary<string, ImportedKey>> FindAsync(
        IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImportedKey>(StringComparer.Ordinal);
        if (hashes.Count == 0) return found;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.AddParameter("@ServiceId", serviceId);
        foreach (var (index, hash) in hashes.Index()) command.AddParameter(GetName(index), hash);
        command.CommandText = $"{FindSql}{string.Join(", ", hashes.Index().Select(hash => GetName(hash.Index)))})";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = new ImportedKey(
                VirtualKeyId.Parse(reader.GetString(1)), ProjectId.Parse(reader.GetString(2)));
        }

        return found;
    }

    public async Task<IReadOnlyList<StoredHashScheme>> ListSchemesAsync(CancellationToken cancellationToken) =>
        [.. (await _metadata.ListAsync(Prefix, cancellationToken)).Select(Parse)];

    public async Task<StoredHashScheme> AddSchemeAsync(StoredHashScheme scheme, CancellationToken cancellationToken) =>
        Parse(await _metadata.GetOrAddAsync(Prefix + scheme.Name, Format(scheme), cancellationToken));

    private static string GetName(int index) => string.Create(CultureInfo.InvariantCulture, $"@Hash{index}");

    private static string Format(StoredHashScheme scheme) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme.AddedAt.UtcDateTime:O} {scheme.Name}");

    private static StoredHashScheme Parse(string value)
    {
        var end = value.IndexOf(' ', StringComparison.Ordinal);
        var addedAt = DateTimeOffset.Parse(value.AsSpan(0, end), CultureInfo.InvariantCulture);
        return new StoredHashScheme(value[(end + 1)..], addedAt);
    }
}
