using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>Reads the membership table of the cluster from PostgreSQL.</summary>
internal sealed class MembershipTable(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    /// <summary>
    /// Returns the last start of a silo that is not declared dead; null when there is none or PostgreSQL is
    /// unavailable.
    /// </summary>
    public async Task<SiloIncarnation?> FindActiveAsync(int siloPort) =>
        await GetActiveGenerationAsync(siloPort) is { } generation ? new SiloIncarnation(siloPort, generation) : null;

    /// <summary>
    /// Returns the generation of the last start of a silo that is not declared dead; null when there is none or
    /// PostgreSQL is unavailable.
    /// </summary>
    public async Task<int?> GetActiveGenerationAsync(int siloPort)
    {
        try
        {
            await using var command = _database.CreateCommand(
                "SELECT max(Generation) FROM OrleansMembershipTable WHERE Port = $1 AND Status <> 6");
            command.Parameters.AddWithValue(siloPort);
            return await command.ExecuteScalarAsync() as int?;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>Returns whether a silo is declared dead; false when PostgreSQL is unavailable.</summary>
    public async Task<bool> IsDeclaredDeadAsync(SiloIncarnation silo)
    {
        try
        {
            await using var command = _database.CreateCommand(
                "SELECT Status = 6 FROM OrleansMembershipTable WHERE Port = $1 AND Generation = $2");
            command.Parameters.AddWithValue(silo.Port);
            command.Parameters.AddWithValue(silo.Generation);
            return await command.ExecuteScalarAsync() is true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
