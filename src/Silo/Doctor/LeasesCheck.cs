using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Storage.PostgreSql;

namespace KeysCluster.Silo.Doctor;

/// <summary>
/// Finds leases that nobody renews. A revoke waits for each until it expires, which no clock shows: a lease has expired
/// if it is not renewed for its duration, so the check waits that long.
/// </summary>
internal sealed class LeasesCheck() : PostgresCheck("leases", "explanation/leases.md")
{
    private const string Place = "KeysLease";

    // 3 is SiloStatus.Active.
    private const string SilosSql = """
        SELECT Address, Port, Generation FROM OrleansMembershipTable
        WHERE DeploymentId = @ClusterId AND Status = 3
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken)
    {
        var store = new PostgresLeaseStore(pools.Leases, pools.Grains, options.ServiceId);
        var before = await store.GetAllAsync(cancellationToken);
        if (before.Count == 0) return [Ok("There is no lease: no silo runs.")];

        await Task.Delay(before.Max(lease => lease.Duration), TimeProvider.System, cancellationToken);
        var after = (await store.GetAllAsync(cancellationToken)).ToDictionary(lease => lease.Id);
        var silos = await ReadSilosAsync(pools, options.ClusterId, cancellationToken);
        var expired = before.Where(lease => after.GetValueOrDefault(lease.Id)?.Renewals == lease.Renewals).ToList();
        return
        [
            .. expired.Select(lease => Explain(lease, silos)),
            Ok($"Leases: {before.Count}, of which renewed or released: {before.Count - expired.Count}."),
        ];
    }

    private Finding Explain(Lease lease, HashSet<string> silos)
    {
        if (lease.Holder.Silo is not { } silo)
        {
            return Warn(
                $"The client {lease.Holder.Client} does not renew its lease.", Place,
                "Look at this front end or service. If it has crashed, the next revoke removes the lease.");
        }

        return silos.Contains(silo.ToParsableString())
            ? Fail(
                $"The silo {silo} is a member of the cluster, but does not renew its lease: it validates nothing.",
                Place,
                "Look at its log and readiness, and restart it if it hangs.")
            : Warn(
                $"The silo {silo} does not run, but has left a lease: the next revoke waits for it.", Place,
                "Nothing, if another silo runs: the next revoke removes the lease. Otherwise start the silo.");
    }

    private static async Task<HashSet<string>> ReadSilosAsync(
        PostgresDataSources pools, string clusterId, CancellationToken cancellationToken)
    {
        await using var command = pools.Grains.CreateCommand(SilosSql);
        command.Parameters.AddWithValue("ClusterId", clusterId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var silos = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken))
            silos.Add($"{reader.GetString(0)}:{reader.GetInt32(1)}@{reader.GetInt32(2)}");
        return silos;
    }
}
