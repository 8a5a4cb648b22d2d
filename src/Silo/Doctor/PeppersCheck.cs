using System.Data.Common;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Doctor;

/// <summary>Finds peppers that the stored secrets need and that are missing, and those that nothing needs.</summary>
internal sealed class PeppersCheck() : DatabaseCheck("peppers", "operations/peppers.md")
{
    private const string Place = "Keys:Peppers";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken)
    {
        if (context.Peppers is not { } peppers) return [Skip("The settings of the peppers are invalid.")];
        var registry = new PepperRegistry(new DatabaseMetadata(database));
        var status = new PepperStatus(peppers, TimeProvider.System.GetUtcNow());
        var isKnown = await registry.IsKnownAsync(peppers.Set, cancellationToken);
        await status.ReadAsync(new StoredStates(database, options.ServiceId), listed: null, cancellationToken);

        var findings = new List<Finding>();
        if (!isKnown)
        {
            findings.Add(Fail(
                "The database was written with other peppers only: no secret can be validated.", Place,
                "Restore the pepper from your copy of it. A silo does not start with another one."));
        }

        if (status.MissingIds.Count > 0)
        {
            findings.Add(Fail(
                $"Secrets or states depend on peppers that are missing: {string.Join(", ", status.MissingIds)}.", Place,
                "Configure these peppers again on every silo, from your copies of them."));
        }

        if (status.UnreadableStates > 0)
        {
            findings.Add(Fail(
                $"States that cannot be read: {status.UnreadableStates}.", "OrleansStorage",
                "Remove no pepper. If a newer build has written them, upgrade; otherwise restore a backup."));
        }
        else
        {
            findings.AddRange(status.UnusedNames.Select(name => Warn(
                $"Nothing depends on the pepper {name}.", Place,
                "Remove it from every silo, if it has not been the current one of any silo for 24 hours.")));
        }

        findings.Add(Ok($"States read: {status.States}. The current pepper is {peppers.CurrentName}."));
        return findings;
    }
}
