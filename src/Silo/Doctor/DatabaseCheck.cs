using System.Data.Common;

namespace KeysCluster.Silo.Doctor;

/// <summary>A check that reads the database of either topology.</summary>
internal abstract class DatabaseCheck(string name, string page) : DoctorCheck(name, page)
{
    public sealed override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, CancellationToken cancellationToken) =>
        context is { Options: { } options, Database: { } database, IsDatabaseReachable: true }
            ? await RunAsync(context, options, database, cancellationToken)
            : [Skip("The database cannot be reached.")];

    protected abstract Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken);
}
