using KeysCluster.Projects;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeysCluster;

/// <summary>Registers validation for a service of the cluster.</summary>
public static class ValidatorServices
{
    /// <summary>
    /// Adds an <see cref="IVirtualKeyValidator"/> and an <see cref="IProjectAuthenticator"/> that ask grains on each call, for
    /// a process with an Orleans client. Leaves those that are registered already.
    /// </summary>
    public static IServiceCollection AddVirtualKeyValidatorClient(this IServiceCollection services)
    {
        services.TryAddSingleton<IVirtualKeyValidator, VirtualKeyValidator>();
        services.TryAddSingleton<IProjectAuthenticator, ProjectAuthenticator>();
        return services;
    }
}
