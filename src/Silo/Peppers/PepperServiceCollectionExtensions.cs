using System.Data.Common;
using KeysCluster.Grains.Secrets;
using KeysCluster.Silo.Storage;
using Microsoft.Extensions.Options;

namespace KeysCluster.Silo.Peppers;

internal static class PepperServiceCollectionExtensions
{
    /// <summary>Adds the peppers, which are replaced when their settings change.</summary>
    public static void AddPeppers(
        this IServiceCollection services, IConfiguration configuration, NamedPeppers peppers)
    {
        services.AddOptions<PepperOptions>().Configure(options => options.Read(configuration));
        services.AddSingleton<IOptionsChangeTokenSource<PepperOptions>>(
            new ConfigurationChangeTokenSource<PepperOptions>(configuration));
        services.AddSingleton(peppers);
        services.AddSingleton(new PepperRing(peppers.Set));
        services.AddSingleton(provider =>
            new PepperRegistry(new DatabaseMetadata(provider.GetRequiredService<DbDataSource>())));
        services.AddHostedService<PepperReloadService>();
    }
}
