using System.Data.Common;
using KeysCluster.Silo.Erasures;

namespace KeysCluster.Silo.Doctor;

/// <summary>Finds hashes of ended secrets that should have been erased.</summary>
internal sealed class ErasuresCheck() : DatabaseCheck("erasures", "operations/alerts.md#keyserasuresoverdue")
{
    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var overdue = await new OverdueErasureQuery(database, options.ServiceId)
            .ReadAsync(now - OverdueErasureMonitor.PermittedDelay, cancellationToken);
        return overdue.Count == 0
            ? [Ok("No erasure is overdue.")]
            :
            [
                Fail(
                    $"Erasures are overdue: {overdue.Count}, the oldest since {overdue.OldestDueAt:u}.",
                    "OrleansRemindersTable",
                    "Start a silo, which does them within minutes. If one runs, correct its clock, and read its log "
                    + "for failed erasures."),
            ];
    }
}
