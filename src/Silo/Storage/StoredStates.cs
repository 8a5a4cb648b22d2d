using System.Data.Common;
using System.Runtime.CompilerServices;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Reads all states of virtual keys and projects, in batches, so that no statement is long. The SQL runs on PostgreSQL
/// and on SQLite.
/// </summary>
internal sealed class StoredStates(DbDataSource dataSource, string serviceId)
{
    /// <summary>A million states are about a thousand for each batch.</summary>
    private const int Batches = 1024;

    // The hash is the first column of the unique index.
    private const string Sql = $"""
        SELECT GrainIdHash, GrainTypeHash, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString, Version,
               PayloadBinary
        FROM OrleansStorage
        WHERE GrainIdHash BETWEEN @First AND @Last AND ServiceId = @ServiceId
          AND GrainTypeString IN ('{StorageNames.VirtualKey}', '{StorageNames.Project}') AND PayloadBinary IS NOT NULL
        """;

    private static readonly string[] KeyColumns =
    [
        "GrainIdHash", "GrainTypeHash", "GrainTypeString", "GrainIdN0", "GrainIdN1", "GrainIdExtensionString",
        "Version",
    ];

    public async IAsyncEnumerable<StoredState> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const long size = (1L << 32) / Batches;
        for (long first = int.MinValue; first <= int.MaxValue; first += size)
        {
            foreach (var state in await ReadBatchAsync((int)first, (int)(first + size - 1), cancellationToken))
                yield return state;
        }
    }

    /// <summary>Closes the connection before the states are used, which may take long.</summary>
    private async Task<List<StoredState>> ReadBatchAsync(int first, int last, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.AddParameter("@First", first);
        command.AddParameter("@Last", last);
        command.AddParameter("@ServiceId", serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<StoredState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var columns = KeyColumns.ToDictionary(column => column, column => reader[column]);
            states.Add(new(columns, reader.GetFieldValue<byte[]>(KeyColumns.Length)));
        }

        return states;
    }
}
