using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Hosting;
using Npgsql;

namespace KeysCluster.Silo.Storage;

/// <summary>Leases in the table <c>KeysSiloLease</c>. A holder's own calls and those of changes use different connections.</summary>
internal sealed class LeaseTable(PostgresDataSources databases, string serviceId) : ILeaseTable
{
    private const string AcquireSql = """
        INSERT INTO KeysSiloLease (Id, ServiceId, Holder, Length, ExpiresAt)
        VALUES (@Id, @ServiceId, @Holder, @Length, clock_timestamp() + @Length)
        """;

    private const string RemoveEndedSql =
        "DELETE FROM KeysSiloLease WHERE ServiceId = @ServiceId AND ExpiresAt < clock_timestamp() - interval '1 hour'";

    // Of its own length or not at all: its holder goes by the length that it was given, while whoever renews it here may have
    // another one, since Cluster:LeaseDuration is being changed. The holder then takes a new lease.
    private const string RenewSql = """
        UPDATE KeysSiloLease SET ExpiresAt = clock_timestamp() + Length
        WHERE Id = @Id AND Length = @Length AND NOT IsBroken AND ExpiresAt > clock_timestamp()
        """;

    private const string ReleaseSql = "DELETE FROM KeysSiloLease WHERE Id = @Id";

    // Never more than its length, so that a clock that is set back makes nobody wait for as long.
    private const string LiveSql = """
        SELECT Id, Holder, LEAST(ExpiresAt - clock_timestamp(), Length)
        FROM KeysSiloLease
        WHERE ServiceId = @ServiceId AND ExpiresAt > clock_timestamp()
        """;

    private const string BreakSql = "UPDATE KeysSiloLease SET IsBroken = true WHERE Id = ANY(@Ids) AND NOT IsBroken";

    public async Task Acquire(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken)
    {
        await Run(AcquireSql, cancellationToken,
            ("Id", id), ("ServiceId", serviceId), ("Holder", holder.ToString()), ("Length", length));
        await Run(RemoveEndedSql, cancellationToken, ("ServiceId", serviceId));
    }

    public async Task<bool> Renew(Guid id, TimeSpan length, CancellationToken cancellationToken) =>
        await Run(RenewSql, cancellationToken, ("Id", id), ("Length", length)) == 1;

    public Task Release(Guid id, CancellationToken cancellationToken) => Run(ReleaseSql, cancellationToken, ("Id", id));

    public async Task<IReadOnlyList<LiveLease>> Live(CancellationToken cancellationToken)
    {
        await using var command = databases.Grains.CreateCommand(LiveSql);
        command.Parameters.AddWithValue("ServiceId", serviceId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new List<LiveLease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new LiveLease(
                reader.GetGuid(0), LeaseHolder.Parse(reader.GetString(1)), reader.GetTimeSpan(2)));
        }

        return leases;
    }

    public async Task Break(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = databases.Grains.CreateCommand(BreakSql);
        command.Parameters.AddWithValue("Ids", ids.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A failure here is the first sign of a server that went away: the connections of every pool are renewed with the
    /// lease, so that none of them costs a caller an error when the server is back.
    /// </summary>
    private async Task<int> Run(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
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
