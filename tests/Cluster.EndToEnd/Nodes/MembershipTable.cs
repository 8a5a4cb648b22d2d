using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>What the membership table says, asked of PostgreSQL directly.</summary>
internal sealed class MembershipTable(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    /// <summary>The latest start of a silo that is not declared dead; null when there is none or PostgreSQL is away.</summary>
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

    public async Task<bool> IsDeclaredDeadAsync(int siloPort, int generation)
    {
        try
        {
            await using var command = _database.CreateCommand(
                "SELECT Status = 6 FROM OrleansMembershipTable WHERE Port = $1 AND Generation = $2");
            command.Parameters.AddWithValue(siloPort);
            command.Parameters.AddWithValue(generation);
            return await command.ExecuteScalarAsync() is true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
