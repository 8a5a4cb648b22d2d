using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Hosting;

/// <summary>Registers draining.</summary>
public static class DrainExtensions
{
    /// <summary>Adds <see cref="DrainService"/> and the readiness check <c>drain</c>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="defaultDelay">The value of <see cref="DrainOptions.DrainDelay"/> if it is not configured.</param>
    public static void AddDrain(this IHostApplicationBuilder builder, TimeSpan defaultDelay)
    {
        builder.Services.AddOptions<DrainOptions>()
            .Configure(options => options.DrainDelay = defaultDelay)
            .Bind(builder.Configuration.GetSection("Hosting"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DrainService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DrainService>());
        builder.Services.AddHealthChecks().AddCheck<DrainHealthCheck>("drain");
    }
}
