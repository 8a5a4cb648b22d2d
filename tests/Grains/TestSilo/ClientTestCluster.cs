using System.Diagnostics.Metrics;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Leases;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Clients;
using KeysCluster.Validation.Hosting;
using KeysCluster.Validation.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// A cluster with leases, and a client of it that validates from its own cache. The client's lease is acquired and
/// renewed only when a test does it.
/// </summary>
public sealed class ClientTestCluster : TestClusterFixture
{
    /// <summary>Exceeds the run time of the tests, because the silo renews its lease by the real clock.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(30);

    /// <summary>The HMAC key of another system.</summary>
    internal const string ImportKey = "the key of another system";

    private ServiceProvider? _client;

    public ClientTestCluster()
    {
        LeaseStore = new TestLeaseStore(Clock);
        Storage.EventStored = LeaseStore.Append;
    }

    internal TestLeaseStore LeaseStore { get; }

    internal ClientLease Lease => ClientServices.GetRequiredService<ClientLease>();

    internal SiloLease SiloLease => SiloServices.GetRequiredService<SiloLease>();

    /// <summary>Receives the invalidations that are pushed to the client.</summary>
    internal InvalidationObserver Observer => new([.. ClientServices.GetServices<ILeasedCache>()], () => Guid.Empty);

    internal override IVirtualKeyValidator Validator => ClientServices.GetRequiredService<IVirtualKeyValidator>();

    internal override IProjectAuthenticator Authenticator => ClientServices.GetRequiredService<IProjectAuthenticator>();

    /// <summary>The meters of the client. The silo has its own.</summary>
    internal IMeterFactory Meters => ClientServices.GetRequiredService<IMeterFactory>();

    private ServiceProvider ClientServices => _client!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Grains);
        services.AddVirtualKeyValidatorClient(cacheBytes: 1 << 20);
        _client = services.BuildServiceProvider();
        await _client.GetRequiredService<UsageReporter>().StartAsync(CancellationToken.None);
    }

    public override async Task DisposeAsync()
    {
        await ClientServices.GetRequiredService<UsageReporter>().StopAsync(CancellationToken.None);
        await ClientServices.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Ensures that the client has a lease, and that the silo is not behind it.</summary>
    internal async Task RenewLeasesAsync()
    {
        Assert.True(await Lease.RenewOrAcquireAsync(CancellationToken.None));
        Assert.True(await SiloLease.RenewOrAcquireAsync(CancellationToken.None));
    }

    private protected override void ConfigureSilo(ISiloBuilder silo)
    {
        silo.Services.Configure<ImportKeyOptions>(options =>
        {
            foreach (var name in new[] { "other", "late" }) options.ImportKeys[name] = ImportKey;
        });
        silo.AddSiloLease(new LeaseOptions(LeaseDuration, TimeSpan.FromSeconds(1)), LeaseStore, LeaseStore);
    }
}
