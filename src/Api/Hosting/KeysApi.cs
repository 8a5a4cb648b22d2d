using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Health;
using KeysCluster.Api.OpenApi;
using KeysCluster.Api.Projects;
using KeysCluster.Api.Requests;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Time;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KeysCluster.Api.Hosting;

/// <summary>The REST front end, for any host that has an Orleans grain factory.</summary>
public static class KeysApi
{
    /// <summary>For a host among several: what proxies need to notice that it stops.</summary>
    public static readonly TimeSpan DrainDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Registers what the front end needs. The host registers <see cref="IGrainFactory"/>, a validator of virtual keys and an
    /// authenticator of projects.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="drainDelay">The default of <see cref="ApiSettings.DrainDelay"/>.</param>
    public static void AddKeysApi(this IHostApplicationBuilder builder, TimeSpan drainDelay)
    {
        var services = builder.Services;
        services.AddOptions<ApiSettings>()
            .Configure(settings => settings.DrainDelay = drainDelay)
            .Bind(builder.Configuration.GetSection("Api"))
            .Bind(builder.Configuration.GetSection("Hosting"))
            .Configure(settings => settings.AdminKey = builder.Configuration["Keys:AdminKey"] ?? "")
            .ValidateDataAnnotations()
            .ValidateOnStart();

        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = ApiLimits.MaxDroppedBodyBytes;
        });
        services.ConfigureHttpJsonOptions(options => ConfigureJson(options.SerializerOptions));
        services.AddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();

        // Nothing here is protected by cookies; without this, authentication would keep a key ring in the home folder.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddSingleton<AdminKey>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(ApiPrincipal.ProjectPolicy, policy => policy.RequireClaim(ApiPrincipal.ProjectClaim))
            .AddPolicy(ApiPrincipal.AdminPolicy, policy => policy.RequireClaim(ApiPrincipal.AdminClaim))
            .AddPolicy(ApiPrincipal.AdminOrProjectPolicy, policy => policy.RequireAuthenticatedUser());
        services.AddRateLimiter(RateLimits.Configure);
        services.AddExceptionHandler<FaultHandler>();
        services.AddRequestTimeouts(options => options.DefaultPolicy = RequestGuards.TimeLimit);
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage").AddCheck<DrainHealthCheck>("drain");
        services.AddOpenApi("v1", ApiDocument.Configure);
    }

    /// <summary>Maps every route of the front end.</summary>
    public static void MapKeysApi(this WebApplication app)
    {
        app.UseNoStore();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => ApiErrors.Of(context.HttpContext.Response.StatusCode)
            .ExecuteAsync(context.HttpContext));
        app.UseDrain();
        app.UseBodyLimit();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapVirtualKeys();
        app.MapProjects();
        app.MapHealth();
        app.MapApiDocument();
    }

    private static void ConfigureJson(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new InstantJsonConverter());
        options.Converters.Add(new ExactEnumConverter());
    }
}
