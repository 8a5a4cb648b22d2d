using KeysCluster.Silo.Storage.PostgreSql;

namespace KeysCluster.Silo.Doctor;

/// <summary>Compares the connections that the silos may open with those that the database accepts.</summary>
internal sealed class PoolSizesCheck() : PostgresCheck("pools", "operations/deployment.md#sizing")
{
    // 3 is SiloStatus.Active. A limit of -1 is none. Superusers have connections of their own.
    private const string Sql = """
        SELECT current_setting('max_connections')::integer
                   - current_setting('superuser_reserved_connections')::integer
                   - COALESCE(current_setting('reserved_connections', true)::integer, 0),
               (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
               (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
               (SELECT count(*)::integer FROM OrleansMembershipTable WHERE DeploymentId = @ClusterId AND Status = 3)
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken)
    {
        await using var command = pools.Grains.CreateCommand(Sql);
        command.Parameters.AddWithValue("ClusterId", options.ClusterId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        (string Name, int Limit)[] limits =
        [
            ("max_connections", reader.GetInt32(0)), ("CONNECTION LIMIT of the role", reader.GetInt32(1)),
            ("CONNECTION LIMIT of the database", reader.GetInt32(2)),
        ];
        var silos = Math.Max(1, reader.GetInt32(3));
        var (name, limit) = limits.Where(entry => entry.Limit >= 0).MinBy(entry => entry.Limit);
        var (needed, duringRollout) = (silos * pools.MaxConnections, (silos + 1) * pools.MaxConnections);
        var numbers = $"Silos: {silos}, each with up to {pools.MaxConnections} connections";
        var cure = $"Increase {name} by {duringRollout - limit} at least, or set a lower Maximum Pool Size in "
            + "ConnectionStrings:Keys.";
        if (needed > limit)
        {
            return
            [
                Fail($"{numbers}, but the database accepts {limit}: under load, silos are refused.", name, cure),
            ];
        }

        return duringRollout > limit
            ?
            [
                Warn($"{numbers}, but the database accepts {limit}: too few for one more in a rollout.", name, cure),
            ]
            : [Ok($"{numbers}. The database accepts {limit}.")];
    }
}
