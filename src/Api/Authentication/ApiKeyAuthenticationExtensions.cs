using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace KeysCluster.Api.Authentication;

internal static class ApiKeyAuthenticationExtensions
{
    /// <summary>Adds authentication by API keys and by the admin key.</summary>
    public static void AddApiKeyAuthentication(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AdminKeyOptions>()
            .Configure(options => options.AdminKey = builder.Configuration["Keys:AdminKey"] ?? "")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<AdminKey>();

        // Authentication registers data protection, which stores a key ring in the home folder. No cookie needs it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
    }
}
