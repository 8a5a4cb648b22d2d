using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace KeysCluster.Grains;

/// <summary>What the grains need of a silo beside storage, reminders and the <see cref="Secrets.Pepper"/>.</summary>
public static class GrainsServices
{
    /// <summary>
    /// Adds it, with the lease and the fence of a silo that is alone; <see cref="AddSiloLease"/> replaces those.
    /// </summary>
    /// <param name="services">Of the silo's host.</param>
    /// <param name="heldKeys">How many keys, and how many projects, at most are held in memory for validations.</param>
    public static IServiceCollection AddKeysGrains(this IServiceCollection services, int heldKeys = ValidatorServices.DefaultCachedKeys)
    {
        // An activation whose write has failed passes the calls that wait for it on to the next one, which may fare no better.
        services.Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 10);
        services.AddSingleton<KeysInstruments>();
        services.AddSingleton<ValidationCounter>();
        services.AddSingleton<SecretOwnerServices>();
        services.AddSingleton<SoleSilo>();
        services.AddSingleton<ILease>(provider => provider.GetRequiredService<SoleSilo>());
        services.AddSingleton<IValidityFence>(provider => provider.GetRequiredService<SoleSilo>());
        services.AddSingleton(new LeaseOptions(TimeSpan.Zero));
        services.AddSingleton<ReadTurns>();
        services.AddHeldStates<VirtualKeyState>(GrainTypes.VirtualKey, StorageNames.VirtualKey, heldKeys);
        services.AddHeldStates<ProjectState>(GrainTypes.Project, StorageNames.Project, heldKeys);
        services.AddSingleton<VirtualKeyValidation>();
        services.AddSingleton<ProjectAuthentication>();
        return services;
    }

    /// <summary>
    /// Adds an <see cref="IVirtualKeyValidator"/> and an <see cref="IProjectAuthenticator"/> that answer from the memory of the
    /// silo in this process.
    /// </summary>
    public static IServiceCollection AddVirtualKeyValidator(this IServiceCollection services)
    {
        services.AddSingleton<UseReports>();
        services.AddHostedService(provider => provider.GetRequiredService<UseReports>());
        services.AddSingleton<IVirtualKeyValidator, CachedVirtualKeyValidator>();
        services.AddSingleton<IProjectAuthenticator, CachedProjectAuthenticator>();
        return services;
    }

    /// <summary>
    /// For a silo among others: it answers from memory only under a lease, and ends of validity wait for the leases of
    /// all. The caller registers the <see cref="ILeaseTable"/>.
    /// </summary>
    public static ISiloBuilder AddSiloLease(this ISiloBuilder silo, LeaseOptions options)
    {
        silo.AddGrainService<InvalidationService>();
        silo.Services.Replace(ServiceDescriptor.Singleton(options));
        silo.Services.AddSingleton<SiloLease>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloLease>());
        silo.Services.AddSingleton<IInvalidationClient, InvalidationClient>();
        silo.Services.Replace(ServiceDescriptor.Singleton<ILease>(provider => provider.GetRequiredService<SiloLease>()));
        silo.Services.Replace(ServiceDescriptor.Singleton<IValidityFence, LeaseFence>());
        return silo;
    }

    private static void AddHeldStates<TState>(this IServiceCollection services, string grainType, string stateName, int capacity)
        where TState : class, IRevised
    {
        services.AddSingleton(provider => new HeldStates<TState>(
            grainType,
            capacity,
            provider.GetRequiredService<ILease>(),
            provider.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains)));
        services.AddSingleton<ILeasedMemory>(provider => provider.GetRequiredService<HeldStates<TState>>());
        services.AddSingleton(provider => new StateReader<TState>(
            stateName,
            provider.GetRequiredService<HeldStates<TState>>(),
            provider.GetRequiredService<ReadTurns>(),
            provider.GetRequiredKeyedService<IGrainStorage>(StorageNames.Reads),
            provider.GetRequiredService<ILogger<StateReader<TState>>>()));
    }
}
