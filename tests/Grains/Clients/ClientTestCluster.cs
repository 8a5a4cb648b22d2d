using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Grains.Tests.Leases;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;
using Orleans.TestingHost;

namespace KeysCluster.Grains.Tests.Clients;

/// <summary>
/// A silo that fences by leases, and a client of the real runtime with a validator that holds one. The lease table, storage
/// and time are the test's; the client renews its lease when a test says so.
/// </summary>
public sealed class ClientTestCluster : IAsyncLifetime, IDisposable
{
    /// <summary>Of a lease; long, since the silo renews its own by the real clock.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(30);

    private readonly InProcessTestCluster _cluster;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private UsageReporter _usageReporter = null!;

    public ClientTestCluster()
    {
        LeaseStore = new TestLeaseStore(Clock);
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddReminders();
            silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, Storage);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, Storage);
            silo.Services.AddSingleton<IReminderTable>(new TestReminderTable());
            silo.Services.AddSingleton<IStateIndex>(new TestStateIndex(Storage));
            silo.Services.AddSingleton(TestData.Pepper);
            silo.Services.AddKeysGrains(heldKeys: 1000);
            silo.Services.AddSingleton<ILeaseStore>(LeaseStore);
            silo.AddSiloLease(new LeaseOptions(LeaseDuration));
            silo.AddIncomingGrainCallFilter(ValidationCalls);
        });
        _cluster = builder.Build();
    }

    internal FakeTimeProvider Clock { get; } = new(TestData.Start);

    internal TestStorage Storage { get; } = new();

    internal TestLeaseStore LeaseStore { get; }

    /// <summary>What clients ask silos.</summary>
    internal ValidationCallFilter ValidationCalls { get; } = new();

    internal ClientLease Lease { get; private set; } = null!;

    internal IVirtualKeyValidator Validator { get; private set; } = null!;

    internal IProjectAuthenticator Authenticator { get; private set; } = null!;

    /// <summary>What the client counts; the silo has its own.</summary>
    internal IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    internal IGrainFactory Grains => _cluster.Client;

    public async Task InitializeAsync()
    {
        await _cluster.DeployAsync();
        var memories = new List<ILeasedCache>();
        Lease = new ClientLease(Grains, new(() => new InvalidationObserver(memories)), Clock, NullLogger<ClientLease>.Instance);
        _usageReporter = new UsageReporter(Grains, NullLogger<UsageReporter>.Instance);
        await _usageReporter.StartAsync(CancellationToken.None);
        Validator = new ClientSecretValidator(Grains, Memory(GrainTypeNames.VirtualKey), _usageReporter, new(Meters), Clock);
        Authenticator = new ProjectAuthenticatorClient(Grains, Memory(GrainTypeNames.Project), _usageReporter, Clock);

        LeasedCache<ClientCacheEntry> Memory(string grainType)
        {
            var memory = new LeasedCache<ClientCacheEntry>(grainType, 100, Lease, Clock);
            memories.Add(memory);
            return memory;
        }
    }

    public async Task DisposeAsync()
    {
        await _usageReporter.StopAsync(CancellationToken.None);
        await _cluster.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _usageReporter.Dispose();
        Lease.Dispose();
        _services.Dispose();
    }
}
