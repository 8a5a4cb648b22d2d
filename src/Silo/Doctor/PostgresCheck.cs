using System.Data.Common;
using KeysCluster.Silo.Storage.PostgreSql;

namespace KeysCluster.Silo.Doctor;

/// <summary>A check that concerns the database server of a cluster.</summary>
internal abstract class PostgresCheck(string name, string page) : DatabaseCheck(name, page)
{
    protected sealed override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken) =>
        context.Postgres is { } pools
            ? await RunAsync(options, pools, cancellationToken)
            : [Skip("The embedded topology has no database server.")];

    protected abstract Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken);
}
