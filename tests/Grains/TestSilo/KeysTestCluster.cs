using System.Globalization;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Validation;
using KeysCluster.Validation;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Orleans.Metadata;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A cluster whose invalidations a test controls through <see cref="Fence"/>.</summary>
public sealed class KeysTestCluster : TestClusterFixture
{
    /// <summary>The runtime loads a reminder into memory some minutes before it is due.</summary>
    private static readonly TimeSpan ReminderLoadWindow = TimeSpan.FromMinutes(3);

    /// <summary>The permitted clock offset, for which the silo keeps hashes after their deadline.</summary>
    internal static readonly TimeSpan MaxClockOffset = TimeSpan.FromSeconds(1);

    private UsageReporter? _idleUsageReporter;
    private SiloSecretValidator? _validator;

    internal TestInvalidationFence Fence { get; } = new();

    internal ReminderObserver ReminderObserver { get; } = new();

    /// <summary>The log messages of the grains of keys and projects.</summary>
    internal FakeLogCollector GrainLogs => SiloServices.GetFakeLogCollector();

    /// <summary>
    /// The silo's validator without usage reports: a report arrives at any time, and its effect on the grain would
    /// interfere with assertions. <see cref="SiloValidator"/> reports.
    /// </summary>
    internal override IVirtualKeyValidator Validator => _validator!;

    /// <inheritdoc cref="Validator" />
    internal override IProjectAuthenticator Authenticator => _validator!;

    /// <summary>The validator that services in the silo's process get.</summary>
    internal IVirtualKeyValidator SiloValidator => SiloServices.GetRequiredService<IVirtualKeyValidator>();

    /// <summary>The authenticator that services in the silo's process get.</summary>
    internal IProjectAuthenticator SiloAuthenticator => SiloServices.GetRequiredService<IProjectAuthenticator>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _idleUsageReporter = new UsageReporter(
            Grains, SiloServices.GetRequiredService<ValidationMetrics>(), NullLogger<UsageReporter>.Instance);
        _validator = ActivatorUtilities.CreateInstance<SiloSecretValidator>(SiloServices, _idleUsageReporter);
    }

    public override async Task DisposeAsync()
    {
        _idleUsageReporter?.Dispose();
        await base.DisposeAsync();
        ReminderObserver.Dispose();
    }

    /// <summary>Returns the idle time after which the runtime deactivates a grain.</summary>
    internal TimeSpan GetIdleTimeout(string grainType)
    {
        var manifest = SiloServices.GetRequiredService<IClusterManifestProvider>().LocalGrainManifest;
        var properties = manifest.Grains[GrainType.Create(grainType)].Properties;
        return TimeSpan.Parse(
            properties[WellKnownGrainTypeProperties.IdleDeactivationPeriod], CultureInfo.InvariantCulture);
    }

    /// <summary>Advances to the due time of the grain's reminder, and completes when the tick has ended.</summary>
    internal async Task AdvanceToReminderTickAsync(GrainId grain)
    {
        var due = Reminders.GetDueTime(grain) ?? throw new InvalidOperationException("There is no reminder.");
        var ticks = ReminderObserver.GetTickCount(grain);
        if (due - ReminderLoadWindow > Now) Clock.SetUtcNow(due - ReminderLoadWindow);
        if (due <= Now && Reminders.GetLoadedDueTime(grain) is null) Clock.Advance(ReminderSchedule.RefreshPeriod);
        await Wait.UntilAsync(() => Reminders.GetLoadedDueTime(grain) is not null);
        await ReminderObserver.WaitUntilArmedAsync(grain);

        due = Reminders.GetLoadedDueTime(grain)!.Value;
        var since = due > Now ? due : Now;
        Clock.Advance(due > Now ? due - Now : TimeSpan.FromMinutes(1));
        await Wait.UntilAsync(() =>
        {
            if (ReminderObserver.HasTicked(grain, ticks, since)) return true;

            // The tick was armed when the clock had been advanced already.
            Clock.Advance(TestData.Millisecond);
            return false;
        });
    }

    private protected override void ConfigureSilo(ISiloBuilder silo)
    {
        silo.Services.AddSingleSilo();
        silo.Services.AddSingleton(new LeaseOptions(TimeSpan.Zero, MaxClockOffset));
        silo.Services.AddSingleton<IInvalidationFence>(Fence);
    }
}
