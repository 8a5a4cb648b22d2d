using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Hosting;

/// <summary>
/// The address of the endpoints for operators, such as health. If it is configured, those endpoints exist there only,
/// and no other endpoint does.
/// </summary>
public static class ManagementAddress
{
    /// <summary>The addresses that Kestrel reads from its own section of the configuration.</summary>
    private const string KestrelEndpoints = "Kestrel:Endpoints";

    /// <summary>Makes the host listen on the configured address, besides those of the API.</summary>
    internal static void AddManagementAddress(this WebApplicationBuilder builder)
    {
        if (GetUrl(builder.Configuration) is { } url) builder.ListenAlsoOn("Management", url);
    }

    /// <summary>Makes a host listen on an address besides those of the API.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The name of the address among those that Kestrel reads from its section.</param>
    /// <param name="url">The address.</param>
    public static void ListenAlsoOn(this WebApplicationBuilder builder, string name, string url)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.GetSection(KestrelEndpoints).Exists())
        {
            builder.Configuration[$"{KestrelEndpoints}:{name}:Url"] = url;
            return;
        }

        var urls = HostAddresses.GetUrls(builder.Configuration).Append(url);
        builder.WebHost.UseUrls([.. urls]);
        builder.Configuration["urls"] = string.Join(';', urls);
    }

    /// <summary>Marks endpoints as endpoints of the management address.</summary>
    public static TBuilder RequireManagementAddress<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ManagementEndpoint());

    /// <summary>
    /// Hides endpoints from requests to the other address. The port of the connection decides, not the <c>Host</c>
    /// header, which a client chooses. Comes after routing.
    /// </summary>
    public static void UseManagementAddress(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (GetUrl(app.Configuration) is not { } url) return;
        var port = HostAddresses.Parse(url).Port;
        app.Use((context, next) =>
        {
            var isManagement = context.GetEndpoint()?.Metadata.GetMetadata<ManagementEndpoint>() is not null;
            if (isManagement != (context.Connection.LocalPort == port)) context.SetEndpoint(null);
            return next(context);
        });
    }

    internal static string? GetUrl(IConfiguration configuration) =>
        configuration.GetSection("Hosting").Get<ManagementOptions>()?.ManagementUrl is { Length: > 0 } url ? url : null;

    private sealed class ManagementEndpoint;
}
