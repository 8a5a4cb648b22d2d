using KeysCluster.Grains.Leases;
using Npgsql;

namespace KeysCluster.Silo.Storage.PostgreSql;

/// <summary>
/// Stores leases in the table <c>KeysSiloLease</c>. A holder's own operations use the pool for leases; changes, which
/// read the leases of others, use the pool for grains.
/// </summary>
internal sealed class PostgresLeaseStore(PostgresDataSources databases, string serviceId) : ILeaseStore
{
    private const string AcquireSql = """
        INSERT INTO KeysSiloLease (Id, ServiceId, Holder, Length, ExpiresAt)
        VALUES (@Id, @ServiceId, @Holder, @Length, clock_timestamp() + @Length)
        """;

    private const string DeleteExpiredSql =
        "DELETE FROM KeysSiloLease WHERE ServiceId = @ServiceId AND ExpiresAt < clock_timestamp() - interval '1 hour'";

    // A lease is only renewed with the duration that it was acquired with, because its holder relies on that duration.
    // It differs while Cluster:LeaseDuration is being changed; the holder then acquires a new lease.
    private const string RenewSql = """
        UPDATE KeysSiloLease SET ExpiresAt = clock_timestamp() + Length
        WHERE Id = @Id AND Length = @Length AND NOT IsBroken AND ExpiresAt > clock_timestamp()
        """;

    private const string ReleaseSql = "DELETE FROM KeysSiloLease WHERE Id = @Id";

    // LEAST bounds the wait for a lease if the clock of the database was set back.
    private const string GetActiveSql = """
        SELECT Id, Holder, LEAST(ExpiresAt - clock_timestamp(), Length)
        FROM KeysSiloLease
        WHERE ServiceId = @ServiceId AND ExpiresAt > clock_timestamp()
        """;

    private const string PreventRenewalSql =
        "UPDATE KeysSiloLease SET IsBroken = true WHERE Id = ANY(@Ids) AND NOT IsBroken";

    public async Task AcquireAsync(
        Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        await ExecuteAsHolderAsync(AcquireSql, cancellationToken,
            ("Id", id), ("ServiceId", serviceId), ("Holder", holder.ToString()), ("Length", duration));
        await ExecuteAsHolderAsync(DeleteExpiredSql, cancellationToken, ("ServiceId", serviceId));
    }

    public async Task<bool> RenewAsync(Guid id, TimeSpan duration, CancellationToken cancellationToken) =>
        await ExecuteAsHolderAsync(RenewSql, cancellationToken, ("Id", id), ("Length", duration)) == 1;

    public Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsHolderAsync(ReleaseSql, cancellationToken, ("Id", id));

    public async Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken)
    {
        await using var command = databases.Grains.CreateCommand(GetActiveSql);
        command.Parameters.AddWithValue("ServiceId", serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new List<ActiveLease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new ActiveLease(
                reader.GetGuid(0), LeaseHolder.Parse(reader.GetString(1)), reader.GetTimeSpan(2)));
        }

        return leases;
    }

    public async Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = databases.Grains.CreateCommand(PreventRenewalSql);
        command.Parameters.AddWithValue("Ids", ids.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Executes a statement of the holder. If it fails, the server may have gone away, which renewals detect first. All
    /// pools are then cleared, so that no other call gets a broken connection once the server is back.
    /// </summary>
    private async Task<int> ExecuteAsHolderAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        try
        {
            await using var command = databases.Leases.CreateCommand(sql);
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            databases.Clear();
            throw;
        }
    }
}
