using KeysCluster.Api.Errors;
using KeysCluster.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

internal static class ApiKeyAuthenticationExtensions
{
    /// <summary>Adds authentication by API keys and by the admin key.</summary>
    public static void AddApiKeyAuthentication(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        // AdminKeys checks the options: a violation after a reload must not throw, but keep the previous keys.
        services.AddOptions<AdminKeyOptions>().Configure(options => options.Read(builder.Configuration));
        services.AddSingleton<IOptionsChangeTokenSource<AdminKeyOptions>>(
            new ConfigurationChangeTokenSource<AdminKeyOptions>(builder.Configuration));
        services.AddSingleton<AdminKeys>();
        services.AddSingleton<AuthenticationMetrics>();
        services.AddSingleton<AuthenticationMonitor>();
        services.AddSingleton<IRefusalMonitor>(provider => provider.GetRequiredService<AuthenticationMonitor>());

        // Authentication registers data protection, which stores a key ring in the home folder. No cookie needs it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
    }

    /// <summary>
    /// Adds the middleware of authentication. Checks the admin keys at once: an invalid setting must stop the start,
    /// and an invalid reload needs a valid set to keep.
    /// </summary>
    /// <exception cref="StartupException">The configured admin keys are invalid, or there are none.</exception>
    public static void UseApiKeyAuthentication(this WebApplication app)
    {
        app.Services.GetRequiredService<AdminKeys>();
        app.UseAuthentication();
    }

    /// <summary>
    /// Refuses a request with several keys: a proxy may have checked another one than this service uses.
    /// </summary>
    public static IApplicationBuilder UseSingleCredentials(this IApplicationBuilder app) => app.Use((context, next) =>
        ApiKeyHeader.HasSeveral(context.Request.Headers)
            ? ApiErrors.SeveralCredentials.ExecuteAsync(context)
            : next(context));
}
