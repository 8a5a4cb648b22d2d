using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KeysCluster;

/// <summary>Registers validation for a service of the cluster.</summary>
public static class ValidatorServices
{
    /// <summary>The name of the meter: <c>keys.validations</c> counts verdicts, tagged with their <c>code</c>.</summary>
    public const string MeterName = "KeysCluster";

    /// <summary>How many keys, and how many projects, are held in memory unless something else is said.</summary>
    public const int DefaultCachedKeys = 1_000_000;

    /// <summary>
    /// Adds an <see cref="IVirtualKeyValidator"/> and an <see cref="IProjectAuthenticator"/> for a process with an Orleans
    /// client, which must be a generic host. What a silo has found good is answered from memory afterwards, under a lease that
    /// silos give to this client: a revoke is answered when this client has forgotten the secret or its lease has ended. Does
    /// nothing when a validator is registered already, as in a silo.
    /// </summary>
    /// <param name="services">Of the host; logging must be there, and a <see cref="TimeProvider"/> of its own is used.</param>
    /// <param name="cachedKeys">How many keys, and how many projects, at most are held; beyond it the least used go.</param>
    public static IServiceCollection AddVirtualKeyValidatorClient(
        this IServiceCollection services, int cachedKeys = DefaultCachedKeys)
    {
        if (services.Any(service => service.ServiceType == typeof(IVirtualKeyValidator))) return services;

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ClientLease(
            provider.GetRequiredService<IGrainFactory>(),
            new Lazy<InvalidationObserver>(() => new InvalidationObserver(provider.GetServices<ILeasedMemory>())),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClientLease>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ClientLease>());
        services.AddSingleton<ValidationCounter>();
        services.AddSingleton<UseReports>();
        services.AddHostedService(provider => provider.GetRequiredService<UseReports>());
        services.AddMemory(GrainTypes.VirtualKey, cachedKeys);
        services.AddMemory(GrainTypes.Project, cachedKeys);
        services.AddSingleton<IVirtualKeyValidator>(provider => Create<VirtualKeyValidatorClient>(provider, GrainTypes.VirtualKey));
        services.AddSingleton<IProjectAuthenticator>(provider => Create<ProjectAuthenticatorClient>(provider, GrainTypes.Project));
        return services;
    }

    private static void AddMemory(this IServiceCollection services, string grainType, int capacity)
    {
        services.AddKeyedSingleton(grainType, (provider, _) => new LeasedMemory<KnownSecrets>(
            grainType, capacity, provider.GetRequiredService<ClientLease>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILeasedMemory>(provider =>
            provider.GetRequiredKeyedService<LeasedMemory<KnownSecrets>>(grainType));
    }

    private static T Create<T>(IServiceProvider provider, string grainType) => ActivatorUtilities.CreateInstance<T>(
        provider, provider.GetRequiredKeyedService<LeasedMemory<KnownSecrets>>(grainType));
}
