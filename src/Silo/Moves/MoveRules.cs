using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Peppers;

namespace KeysCluster.Silo.Moves;

/// <summary>When data may be moved.</summary>
internal static class MoveRules
{
    private const string ServiceIdSetting = "Cluster:ServiceId";
    private const string DefaultServiceId = "keys";

    /// <exception cref="MoveException">The data was moved to another database.</exception>
    public static void EnsureMayStart(MoveMark? mark, DataDirectory data, TargetDatabase target)
    {
        if (mark is null) return;
        if (mark.IsComplete)
        {
            throw new MoveException(
                MoveFailure.Refused,
                $"The data was moved to the database {mark.Database} on {mark.At:u}, and {target.Name} does not have "
                + "it: it is another database, or was restored to an earlier time. To move the data again, with "
                + $"everything that has changed since, remove the file {data.MoveMarkFile}.");
        }

        if (mark.Database != target.Name)
        {
            throw new MoveException(
                MoveFailure.Refused,
                $"A move to the database {mark.Database} was interrupted, and may be complete. Repeat it with that "
                + $"database. If it is given up, drop that database, and remove the file {data.MoveMarkFile}.");
        }
    }

    /// <summary>Returns the service whose data is moved.</summary>
    /// <exception cref="MoveException">The database has the data of several services.</exception>
    public static string FindServiceId(SourceDatabase source, IConfiguration configuration) =>
        source.ListServiceIds() switch
        {
            [] => configuration[ServiceIdSetting] ?? DefaultServiceId,
            [var only] => only,
            var several => throw new MoveException(
                MoveFailure.Refused,
                $"The database has the data of several services ({string.Join(", ", several)}), and a cluster serves "
                + "one."),
        };

    /// <summary>With other peppers, the cluster could verify nothing.</summary>
    /// <exception cref="MoveException">The pepper is not the one of the database.</exception>
    public static void EnsureKnownPepper(IReadOnlyDictionary<string, string> settings, NamedPeppers peppers)
    {
        if (PepperRegistry.Knows(settings, peppers.Set)) return;
        throw new MoveException(
            MoveFailure.Refused,
            "The pepper is not the one that the database was written with, nor is any of Keys:Peppers. Restore it: the "
            + "file 'pepper' in the data directory, or Keys:Pepper if the service was started with that.");
    }
}
