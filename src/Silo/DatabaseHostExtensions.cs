using System.Data.Common;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo;

internal static class DatabaseHostExtensions
{
    private const string LogCategory = "KeysCluster.Silo.Storage";

    /// <summary>Upgrades the database to the schema of this version, and checks the peppers.</summary>
    /// <param name="host">The host.</param>
    /// <param name="mustExist">Whether the database must have been used before.</param>
    /// <exception cref="StartupException">
    /// The upgrade failed or is not permitted, or the database was written with other peppers only.
    /// </exception>
    public static async Task PrepareDatabaseAsync(this IHost host, bool mustExist = false)
    {
        var options = host.Services.GetRequiredService<KeysSiloOptions>();
        var database = host.Services.GetRequiredService<DbDataSource>();
        var registry = host.Services.GetRequiredService<PepperRegistry>();
        if (mustExist && !await registry.HasPepperAsync(CancellationToken.None))
        {
            throw new StartupException(
                "The database is not the one of earlier starts: it has no keys. Restore the original file.");
        }

        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategory);
        if (database is SqliteDataSource sqlite) await SchemaMigrator.UpgradeSqliteAsync(sqlite, logger);
        else
        {
            var keepEventsFor = host.Services.GetRequiredService<IOptions<EventRetentionOptions>>().Value.KeepFor;
            await SchemaMigrator.PreparePostgreSqlAsync(
                options.ConnectionString!, keepEventsFor, logger, CancellationToken.None);
        }

        await registry.EnsureKnownAsync(
            host.Services.GetRequiredService<PepperRing>().Peppers, CancellationToken.None);
        if (options.IsCluster) await EnsureAccurateClockAsync(host.Services);
    }

    /// <summary>
    /// A silo with a wrong clock must not join: it would evaluate deadlines incorrectly, and Orleans counts the
    /// generations of silos by time.
    /// </summary>
    private static async Task EnsureAccurateClockAsync(IServiceProvider services)
    {
        var clock = services.GetRequiredService<DatabaseClock>();
        var store = services.GetRequiredService<ILeaseStore>();
        var read = await clock.ObserveAsync(() => store.ReadLogAsync(after: null, CancellationToken.None));
        if (!clock.IsAccurate)
        {
            throw new StartupException(
                $"The clock of this machine shows {read.DatabaseTime + clock.Offset:O}, that of the database "
                + $"{read.DatabaseTime:O}. Synchronize them; Cluster:MaxClockOffset limits the difference.");
        }
    }
}
