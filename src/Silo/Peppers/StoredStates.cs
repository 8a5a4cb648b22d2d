using System.Data.Common;
using System.Runtime.CompilerServices;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Peppers;

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
        SELECT GrainTypeString, PayloadBinary FROM OrleansStorage
        WHERE GrainIdHash BETWEEN @First AND @Last AND ServiceId = @ServiceId
          AND GrainTypeString IN ('{StorageNames.VirtualKey}', '{StorageNames.Project}') AND PayloadBinary IS NOT NULL
        """;

    public async IAsyncEnumerable<(string StateName, byte[] Payload)> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const long size = (1L << 32) / Batches;
        for (long first = int.MinValue; first <= int.MaxValue; first += size)
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.AddParameter("@First", (int)first);
            command.AddParameter("@Last", (int)(first + size - 1));
            command.AddParameter("@ServiceId", serviceId);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                yield return (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        }
    }
}
