using Microsoft.Extensions.Configuration.Memory;

namespace KeysCluster.Api.Hosting;

/// <summary>What both hosts start from; every other source of configuration overrides it.</summary>
public static class HostDefaults
{
    /// <summary>Where REST is served when nothing else is configured.</summary>
    public const string Url = "http://127.0.0.1:5080";

    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>Adds quiet logs and the default address beneath the sources that are there.</summary>
    public static void AddHostDefaults(this WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Orleans"] = "Warning",
                // Warns at every start that a check has not run since long before the process was there.
                ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
                ["Logging:LogLevel:Npgsql"] = "Warning",
                ["Logging:LogLevel:Polly"] = "Warning",
                ["Logging:LogLevel:KeysCluster.Grains.Leases.InvalidationService"] = "Warning",
                ["Logging:LogLevel:KeysCluster.Silo.Storage"] = "Warning",
            },
        });
        if (!AddressKeys.Any(key => builder.Configuration.GetSection(key).Exists())) builder.WebHost.UseUrls(Url);
    }
}
