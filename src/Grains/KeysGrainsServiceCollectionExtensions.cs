using System.Diagnostics.Metrics;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Validation;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Hosting;
using KeysCluster.Validation.Leases;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Grains;

/// <summary>
/// Registers the grains in a silo. The host also registers reminders, the grain storage providers
/// <see cref="StorageNames.Provider"/> and <see cref="StorageNames.ValidationReads"/>, an <see cref="IStateIndex"/>,
/// an <see cref="IImportedKeyStore"/>, an <see cref="IStateInserter"/>, a <see cref="StateMac"/>, the
/// <see cref="PepperRing"/> and a <see cref="System.Data.Common.DbDataSource"/>.
/// </summary>
public static class KeysGrainsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the services of the grains. Call <see cref="AddSingleSilo"/> or <see cref="AddSiloLease"/> as well.
    /// </summary>
    /// <param name="services">The services of the silo's host.</param>
    /// <param name="cacheBytes">
    /// The memory for cached keys and projects, in bytes; an eighth of it is for projects.
    /// </param>
    public static IServiceCollection AddKeysGrains(
        this IServiceCollection services,
        long cacheBytes = VirtualKeyValidationServiceCollectionExtensions.DefaultCacheBytes)
    {
        // After a failed write an activation forwards its queued calls to the next one, whose write may fail as well.
        services.Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 10);
        services.AddSingleton<IIncomingGrainCallFilter, CommandLimitFilter>();
        services.AddSingleton<MissingPepperMonitor>();
        services.AddSingleton<AlteredStateMonitor>();
        services.AddSingleton<ChangeMetrics>();
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<InvalidationMetrics>();
        services.AddSingleton<ValidationMetrics>();
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<SecretHolderServices>();
        services.AddSingleton(ValidationReadOptions.Default);
        services.AddSingleton<ValidationReadLimiter>();
        var projectBytes = VirtualKeyValidationServiceCollectionExtensions.GetProjectCacheBytes(cacheBytes);
        services.AddVerification<VirtualKeyState>(
            GrainTypeNames.VirtualKey, StorageNames.VirtualKey, cacheBytes - projectBytes);
        services.AddVerification<ProjectState>(GrainTypeNames.Project, StorageNames.Project, projectBytes);
        services.AddSingleton<VirtualKeyVerifier>();
        services.AddSingleton<ProjectVerifier>();
        services.AddOptions<ImportKeyOptions>();
        services.AddSingleton<HashSchemes>();
        services.AddSingleton<ImportedKeyFinder>();
        services.AddSingleton<KeyImporter>();
        services.AddImportedSecrets(
            provider => provider.GetRequiredService<ImportedKeyFinder>(),
            provider => provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains),
            cacheBytes);
        services.AddOptions<WebhookOptions>();
        services.AddSingleton<WebhookUrlRules>();
        return services;
    }

    /// <summary>
    /// Adds an <see cref="IVirtualKeyValidator"/> and an <see cref="IProjectAuthenticator"/> that answer from the cache
    /// of the silo in this process.
    /// </summary>
    public static IServiceCollection AddVirtualKeyValidator(this IServiceCollection services)
    {
        services.AddUsageReporter();
        services.AddSingleton<SiloSecretValidator>();
        services.AddSingleton<IVirtualKeyValidator>(provider => provider.GetRequiredService<SiloSecretValidator>());
        services.AddSingleton<IProjectAuthenticator>(provider => provider.GetRequiredService<SiloSecretValidator>());
        return services;
    }

    /// <summary>Configures a silo that is the only one by its topology: no other process caches anything.</summary>
    public static IServiceCollection AddSingleSilo(this IServiceCollection services)
    {
        services.AddSingleton<ILease, SingleSiloLease>();
        services.AddSingleton<IInvalidationFence, NullInvalidationFence>();
        services.AddSingleton(new LeaseOptions(TimeSpan.Zero, TimeSpan.Zero));
        return services;
    }

    /// <summary>
    /// Configures a silo of a cluster: it answers from its cache only under a lease, and a change that takes validity
    /// away waits for the leases of all processes.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">The options of the leases of this silo and of its clients.</param>
    /// <param name="siloLeases">The store through which the silo renews its lease and reads those of others.</param>
    /// <param name="clientLeases">The same leases, through connections for clients.</param>
    public static ISiloBuilder AddSiloLease(
        this ISiloBuilder silo, LeaseOptions options, ILeaseStore siloLeases, ILeaseStore clientLeases)
    {
        silo.Services.AddSingleton(siloLeases);
        silo.Services.AddSingleton(provider => new ClientLeases(
            clientLeases,
            provider.GetRequiredService<ILease>(),
            provider.GetRequiredService<EventLog>(),
            options,
            provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains)));
        silo.AddGrainService<InvalidationService>();
        silo.Services.AddSingleton(options);
        silo.Services.AddHostedService<ClockGuard>();
        silo.Services.AddSingleton<EventLog>();
        silo.Services.AddSingleton<LeaseTable>();

        // Lazy breaks a cycle: the lease invalidates the caches, and the caches check the lease.
        silo.Services.AddSingleton(provider => new Lazy<IReadOnlyList<ILeasedCache>>(
            () => [.. provider.GetServices<ILeasedCache>()]));
        silo.Services.AddSingleton<SiloLease>();
        silo.Services.AddSingleton<ILease>(provider =>
        {
            var lease = provider.GetRequiredService<SiloLease>();
            LeaseMetrics.Observe(provider.GetRequiredService<IMeterFactory>(), lease);
            return lease;
        });
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<SiloLease>());
        silo.Services.AddSingleton<IInvalidationClient, InvalidationClient>();
        silo.Services.AddSingleton<IInvalidationFence, LeaseFence>();
        return silo;
    }

    private static void AddVerification<TState>(
        this IServiceCollection services, string grainType, string stateName, long cacheBytes)
        where TState : SecretHolderState
    {
        services.AddSingleton(provider =>
        {
            var cache = new StateCache<TState>(
                grainType,
                cacheBytes,
                provider.GetRequiredService<ILease>(),
                provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains));
            provider.GetRequiredService<ValidationMetrics>()
                .ObserveCache(grainType, () => cache.Count, () => cache.Size, () => cache.FillCount);
            return cache;
        });
        services.AddSingleton<ILeasedCache>(provider => provider.GetRequiredService<StateCache<TState>>());
        services.AddSingleton(provider =>
        {
            var reader = new StateReader<TState>(
                stateName,
                provider.GetRequiredService<StateCache<TState>>(),
                provider.GetRequiredService<ValidationReadLimiter>(),
                provider.GetRequiredService<ValidationReadOptions>(),
                provider.GetRequiredKeyedService<IGrainStorage>(StorageNames.ValidationReads),
                provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains),
                provider.GetRequiredService<ILogger<StateReader<TState>>>());
            provider.GetRequiredService<ValidationMetrics>().ObserveQueuedReads(grainType, () => reader.QueueLength);
            return reader;
        });
        services.AddSingleton<SecretVerifier<TState>>();
    }
}
