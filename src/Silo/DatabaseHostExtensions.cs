using System.Data.Common;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo;

internal static class DatabaseHostExtensions
{
    private const string LogCategory = "KeysCluster.Silo.Storage";

    /// <summary>Upgrades the database to the schema of this version, and checks the pepper.</summary>
    /// <exception cref="StartupException">
    /// The upgrade failed or is not permitted, or the database was written with another pepper.
    /// </exception>
    public static async Task PrepareDatabaseAsync(this IHost host)
    {
        var options = host.Services.GetRequiredService<KeysSiloOptions>();
        var database = host.Services.GetRequiredService<DbDataSource>();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategory);
        if (database is SqliteDataSource sqlite) await SchemaMigrator.UpgradeSqliteAsync(sqlite, logger);
        else
        {
            var keepEventsFor = host.Services.GetRequiredService<IOptions<EventRetentionOptions>>().Value.KeepFor;
            await SchemaMigrator.PreparePostgreSqlAsync(
                options.ConnectionString!, keepEventsFor, logger, CancellationToken.None);
        }

        var pepper = host.Services.GetRequiredService<Pepper>();
        await EnsureSamePepperAsync(new DatabaseMetadata(database), pepper);
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

    /// <summary>With another pepper, the silo would report every valid secret as invalid.</summary>
    private static async Task EnsureSamePepperAsync(DatabaseMetadata metadata, Pepper pepper)
    {
        var pepperId = await metadata.GetOrAddAsync("pepper_id", pepper.Id, CancellationToken.None);
        if (pepperId != pepper.Id)
        {
            throw new StartupException(
                "Keys:Pepper is not the one that this database was written with. Without the original pepper, no "
                + "secret in the database can be validated; restore it.");
        }
    }
}
