using System.Diagnostics.Metrics;
using System.Globalization;
using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Storage.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Silo.Doctor;

/// <summary>Compares the clock of this machine with that of the database, as a silo does.</summary>
internal sealed class ClockCheck() : PostgresCheck("clock", "operations/failures.md")
{
    private const string Place = "the clock of this machine";
    private const string Cure = "Synchronize this machine and the database by NTP.";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var clock = new DatabaseClock(
            new LeaseOptions(options.LeaseDuration, options.MaxClockOffset),
            TimeProvider.System,
            services.GetRequiredService<IMeterFactory>(),
            NullLogger<DatabaseClock>.Instance);
        var store = new PostgresLeaseStore(pools.Leases, pools.Grains, options.ServiceId);
        await clock.ObserveAsync(() => store.ReadLogAsync(after: null, cancellationToken));

        var seconds = clock.Offset.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
        var offset = $"The clock differs from that of the database by {seconds} s";
        if (!clock.IsAccurate)
            return [Fail($"{offset}, more than Cluster:MaxClockOffset: a silo does not start here.", Place, Cure)];
        return clock.IsNearLimit
            ? [Warn($"{offset}, more than half of Cluster:MaxClockOffset.", Place, Cure)]
            : [Ok($"{offset}.")];
    }
}
