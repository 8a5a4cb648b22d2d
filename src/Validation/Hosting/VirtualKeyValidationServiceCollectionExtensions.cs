using System.Diagnostics.Metrics;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Clients;
using KeysCluster.Validation.Imports;
using KeysCluster.Validation.Leases;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Time;
using KeysCluster.Validation.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Hosting;

/// <summary>Registers validation in a service that is an Orleans client of the cluster.</summary>
public static class VirtualKeyValidationServiceCollectionExtensions
{
    /// <summary>The default memory for cached keys and projects: 512 MiB, which is about 250,000 keys.</summary>
    public const long DefaultCacheBytes = 512L << 20;

    /// <summary>
    /// Adds an <see cref="IVirtualKeyValidator"/> and an <see cref="IProjectAuthenticator"/> to a generic host that has
    /// an Orleans client. A secret that a silo has found valid is answered from this process's cache afterwards, under
    /// a lease that the silos grant. A revocation returns after this client has invalidated its cache, or its lease has
    /// expired. Does nothing when a validator is registered already, as in a silo.
    /// </summary>
    /// <param name="services">
    /// The services of the host. Logging must be registered. A registered <see cref="TimeProvider"/> is used.
    /// </param>
    /// <param name="cacheBytes">
    /// The memory for cached keys and projects, in bytes; an eighth of it is for projects. A key takes about 2 KB.
    /// Beyond it, the least recently used are evicted. Imported secrets take up to a sixteenth of it in addition.
    /// </param>
    public static IServiceCollection AddVirtualKeyValidatorClient(
        this IServiceCollection services, long cacheBytes = DefaultCacheBytes)
    {
        if (services.Any(service => service.ServiceType == typeof(IVirtualKeyValidator))) return services;

        services.TryAddSingleton<TimeProvider>(_ => new SteadyTimeProvider(new BootTimeProvider()));
        services.AddSingleton<ValidationMetrics>();

        // Lazy breaks a cycle: the lease invalidates the caches, and the caches check the lease.
        services.AddSingleton(provider =>
        {
            var lease = new ClientLease(
                provider.GetRequiredService<IGrainFactory>(),
                new Lazy<IReadOnlyList<ILeasedCache>>(() => [.. provider.GetServices<ILeasedCache>()]),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ClientLease>>());
            LeaseMetrics.Observe(provider.GetRequiredService<IMeterFactory>(), lease);
            return lease;
        });
        services.AddSingleton<ILease>(provider => provider.GetRequiredService<ClientLease>());
        services.AddHostedService(provider => provider.GetRequiredService<ClientLease>());
        services.AddCache(GrainTypeNames.VirtualKey, cacheBytes - GetProjectCacheBytes(cacheBytes));
        services.AddCache(GrainTypeNames.Project, GetProjectCacheBytes(cacheBytes));
        services.AddUsageReporter();
        services.AddSingleton<ValidationGrainCaller>();
        services.AddImportedSecrets(
            provider => provider.GetRequiredService<ValidationGrainCaller>(),
            provider => provider.GetRequiredService<TimeProvider>(),
            cacheBytes);
        services.AddSingleton<ClientSecretValidator>();
        services.AddSingleton<IVirtualKeyValidator>(provider => provider.GetRequiredService<ClientSecretValidator>());
        services.AddSingleton<IProjectAuthenticator>(provider => provider.GetRequiredService<ClientSecretValidator>());
        return services;
    }

    internal static void AddUsageReporter(this IServiceCollection services)
    {
        services.AddSingleton<UsageReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageReporter>());
    }

    /// <summary>Returns the part of the cache that is for projects, of which there are few.</summary>
    internal static long GetProjectCacheBytes(long cacheBytes) => cacheBytes / 8;

    /// <summary>Adds the search for imported secrets, whose memory is in addition to that of the caches.</summary>
    internal static void AddImportedSecrets(
        this IServiceCollection services,
        Func<IServiceProvider, IImportedKeySource> getSource,
        Func<IServiceProvider, TimeProvider> getTime,
        long cacheBytes)
    {
        services.AddSingleton(provider => new HashSchemeCache(getSource(provider), getTime(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<HashSchemeCache>());
        services.AddSingleton(provider => new ImportedSecrets(
            getSource(provider), provider.GetRequiredService<HashSchemeCache>(), cacheBytes / 16));
    }

    private static void AddCache(this IServiceCollection services, string grainType, long capacity)
    {
        services.AddKeyedSingleton(grainType, (provider, _) =>
        {
            var cache = new LeasedCache<CacheEntry>(
                grainType,
                capacity,
                provider.GetRequiredService<ClientLease>(),
                provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<ValidationMetrics>()
                .ObserveCache(grainType, () => cache.Count, () => cache.Size, () => cache.FillCount);
            return cache;
        });
        services.AddSingleton<ILeasedCache>(provider =>
            provider.GetRequiredKeyedService<LeasedCache<CacheEntry>>(grainType));
    }
}
