using System.Data.Common;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Adds a MAC to stored states. A grain whose state was written meanwhile reloads it at its next write. The SQL runs on
/// PostgreSQL and on SQLite.
/// </summary>
internal sealed class UnauthenticatedStates(DbDataSource dataSource, string serviceId, StateMac mac)
{
    /// <summary>A million states are about a thousand for each batch.</summary>
    private const int Batches = 1024;

    // The hash is the first column of the unique index.
    private const string ReadSql = $"""
        SELECT GrainIdHash, GrainTypeHash, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString, Version,
               PayloadBinary
        FROM OrleansStorage
        WHERE GrainIdHash BETWEEN @First AND @Last AND ServiceId = @ServiceId
          AND GrainTypeString IN ('{StorageNames.VirtualKey}', '{StorageNames.Project}') AND PayloadBinary IS NOT NULL
        """;

    // As a write of the service: the version is that which was read, and is incremented.
    private const string WriteSql = """
        UPDATE OrleansStorage SET PayloadBinary = @Payload, Version = Version + 1
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
          AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
          AND GrainIdExtensionString = @GrainIdExtensionString AND Version = @Version
        """;

    private static readonly string[] KeyColumns =
    [
        "GrainIdHash", "GrainTypeHash", "GrainTypeString", "GrainIdN0", "GrainIdN1", "GrainIdExtensionString",
        "Version",
    ];

    /// <summary>Adds a MAC to each state that has none under a pepper.</summary>
    /// <param name="pepperId">The id of the current pepper.</param>
    /// <param name="cancellationToken">Cancels the command between two states.</param>
    /// <returns>
    /// The number of states that were written, and of those that a silo wrote at the same time; the keys of states
    /// whose MAC is invalid.
    /// </returns>
    public async Task<(long Added, long Changed, IReadOnlyList<string> Altered)> AuthenticateAsync(
        string pepperId, CancellationToken cancellationToken)
    {
        var (added, changed) = (0L, 0L);
        var altered = new List<string>();
        const long size = (1L << 32) / Batches;
        for (long first = int.MinValue; first <= int.MaxValue; first += size)
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            foreach (var (row, payload) in await ReadAsync(connection, first, first + size - 1, cancellationToken))
            {
                if (StateMac.FindPepperId(payload) == pepperId) continue;
                try
                {
                    var state = mac.Add(mac.Open(payload));
                    if (await WriteAsync(connection, row, state, cancellationToken)) added++;
                    else changed++;
                }
                catch (AlteredStateException)
                {
                    altered.Add((string)row["GrainIdExtensionString"]);
                }
            }
        }

        return (added, changed, altered);
    }

    private async Task<List<(Dictionary<string, object> Row, byte[] Payload)>> ReadAsync(
        DbConnection connection, long first, long last, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = ReadSql;
        command.AddParameter("@First", (int)first);
        command.AddParameter("@Last", (int)last);
        command.AddParameter("@ServiceId", serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<(Dictionary<string, object> Row, byte[] Payload)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = KeyColumns.ToDictionary(column => column, column => reader[column]);
            states.Add((row, reader.GetFieldValue<byte[]>(KeyColumns.Length)));
        }

        return states;
    }

    private async Task<bool> WriteAsync(
        DbConnection connection,
        Dictionary<string, object> row,
        byte[] payload,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = WriteSql;
        command.AddParameter("@Payload", payload);
        command.AddParameter("@ServiceId", serviceId);
        foreach (var (column, value) in row) command.AddParameter($"@{column}", value);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
