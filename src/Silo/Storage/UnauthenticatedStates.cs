using System.Data.Common;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Silo.Storage;

/// <summary>
/// Adds a MAC to stored states. A grain whose state was written meanwhile reloads it at its next write. The SQL runs on
/// PostgreSQL and on SQLite.
/// </summary>
internal sealed class UnauthenticatedStates(DbDataSource dataSource, string serviceId, StateMac mac)
{
    // As a write of the service: the version is that which was read, and is incremented.
    private const string WriteSql = """
        UPDATE OrleansStorage SET PayloadBinary = @Payload, Version = Version + 1
        WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND ServiceId = @ServiceId
          AND GrainTypeString = @GrainTypeString AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
          AND GrainIdExtensionString = @GrainIdExtensionString AND Version = @Version
        """;

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
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await foreach (var state in new StoredStates(dataSource, serviceId).ReadAsync(cancellationToken))
        {
            if (StateMac.FindPepperId(state.Payload) == pepperId) continue;
            try
            {
                var authenticated = mac.Add(mac.Open(state.Payload));
                if (await WriteAsync(connection, state, authenticated, cancellationToken)) added++;
                else changed++;
            }
            catch (AlteredStateException)
            {
                altered.Add(state.Id);
            }
        }

        return (added, changed, altered);
    }

    private async Task<bool> WriteAsync(
        DbConnection connection, StoredState state, byte[] payload, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = WriteSql;
        command.AddParameter("@Payload", payload);
        command.AddParameter("@ServiceId", serviceId);
        foreach (var (column, value) in state.Columns) command.AddParameter($"@{column}", value);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
