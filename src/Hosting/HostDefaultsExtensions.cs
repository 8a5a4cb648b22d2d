using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Hosting;

/// <summary>The defaults of every host. All other configuration sources override them.</summary>
public static class HostDefaultsExtensions
{
    /// <summary>The address that a host listens on if none is configured.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>
    /// Adds the <c>appsettings.json</c> next to the binaries as the source with the lowest priority, the folder in
    /// <c>Hosting:SecretsDirectory</c>, and <see cref="DefaultUrl"/>. The <c>appsettings.json</c> that ASP.NET Core
    /// reads is in the working directory. Adds the management address.
    /// </summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="requiresPrivateFiles">
    /// Whether files in the folder that others can read are refused. A command that reports them reads them.
    /// </param>
    /// <exception cref="StartupException">
    /// The folder in <c>Hosting:SecretsDirectory</c> cannot be read, or the command line contains a secret.
    /// </exception>
    public static void AddHostDefaults(this WebApplicationBuilder builder, bool requiresPrivateFiles = true)
    {
        CommandLineSecrets.Refuse(builder.Configuration);

        // A line that ends with LF alone: a proxy may see the end of the headers elsewhere.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var defaults = new JsonConfigurationSource
        {
            Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"),
            Optional = false,
        };
        defaults.ResolveFileProvider();
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, defaults);
        builder.AddSecretsDirectory(requiresPrivateFiles);
        builder.Services.AddHostedService<ConfigurationFileMonitor>();
        var start = new HostStartState();
        builder.Services.AddSingleton(start);
        builder.Logging.AddFilter(HostStartState.HostCategory, start.IsLogged);

        if (!AddressKeys.Any(key => builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(DefaultUrl);
        builder.AddManagementAddress();
    }
}
