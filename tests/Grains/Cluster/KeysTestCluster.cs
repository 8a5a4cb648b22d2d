using System.Globalization;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Metadata;
using Orleans.Reminders;
using Orleans.Storage;
using Orleans.TestingHost;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>
/// A silo and a client of the real runtime. Only three things are not real: time, which moves when a test moves it,
/// storage and the reminder table, which fail when a test says so. The runtime's own clocks are left alone.
/// </summary>
public sealed class KeysTestCluster : IAsyncLifetime
{
    /// <summary>How long anything may take before it counts as hung.</summary>
    internal static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Inside the time before a reminder's due time in which the runtime has it in memory.</summary>
    private static readonly TimeSpan ReminderLoadWindow = TimeSpan.FromMinutes(3);

    private readonly InProcessTestCluster _cluster;

    public KeysTestCluster()
    {
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
            silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Clock);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, Storage);
            silo.Services.AddSingleton<IReminderTable>(Reminders);
            silo.Services.AddSingleton<IStateIndex>(new TestStateIndex(Storage));
            silo.Services.AddSingleton(TestData.Pepper);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, Storage);
            silo.Services.AddKeysGrains(heldKeys: 1000);
            silo.Services.AddVirtualKeyValidator();
            silo.Services.AddSingleton<IInvalidationFence>(Fence);
        });
        _cluster = builder.Build();
    }

    internal FakeTimeProvider Clock { get; } = new(TestData.Start);

    internal TestStorage Storage { get; } = new();

    internal TestInvalidationFence Fence { get; } = new();

    internal TestReminderTable Reminders { get; } = new();

    internal ReminderObserver ReminderObserver { get; } = new();

    internal IGrainFactory Grains => _cluster.Client;

    /// <summary>What a service in the silo's process validates with.</summary>
    internal IVirtualKeyValidator SiloValidator => _cluster.Silos[0].ServiceProvider.GetRequiredService<IVirtualKeyValidator>();

    /// <summary>As when the silo's memory is full: what it holds of a key goes, and nothing that is under way is marked.</summary>
    internal void EvictFromCache(GrainId key) =>
        _cluster.Silos[0].ServiceProvider.GetRequiredService<StateCache<VirtualKeyState>>().Evict(key.Key.ToString()!);

    /// <summary>What asks the key's grain each time.</summary>
    internal IVirtualKeyValidator GrainValidator => new RetryingGrainValidator(Grains);

    internal DateTimeOffset Now => Clock.GetUtcNow();

    internal bool IsActive(GrainId grain) => _cluster.TryGetGrainContext(grain, out _);

    /// <summary>How long the runtime lets a grain stay that nobody calls.</summary>
    internal TimeSpan GetIdleTimeout(string grainType)
    {
        var manifest = _cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterManifestProvider>().LocalGrainManifest;
        return TimeSpan.Parse(
            manifest.Grains[GrainType.Create(grainType)].Properties[WellKnownGrainTypeProperties.IdleDeactivationPeriod],
            CultureInfo.InvariantCulture);
    }

    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(WaitTimeout);
        while (!condition()) await Task.Delay(1, patience.Token);
    }

    internal Task DeactivateAsync(GrainId grain) => _cluster.DeactivateAsync(grain);

    internal Task WaitForDeactivationAsync(GrainId grain) => _cluster.WaitForDeactivationAsync(grain).WaitAsync(WaitTimeout);

    /// <summary>Moves on to the due time of the grain's reminder and returns when its tick has ended.</summary>
    internal async Task AdvanceToReminderTickAsync(GrainId grain)
    {
        var due = Reminders.GetDueTime(grain) ?? throw new InvalidOperationException("There is no reminder.");
        var ticks = ReminderObserver.GetTickCount(grain);
        if (due - ReminderLoadWindow > Now) Clock.SetUtcNow(due - ReminderLoadWindow);
        await ReminderObserver.WaitUntilArmedAsync(grain);
        Clock.Advance(due > Now ? due - Now : TimeSpan.FromMinutes(1));
        await ReminderObserver.WaitForTicksAsync(grain, ticks + 1);
    }

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        ReminderObserver.Dispose();
    }
}

/// <summary>The tests of this collection share one cluster, each with keys of its own, and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<KeysTestCluster>
{
    public const string Name = "cluster";
}
