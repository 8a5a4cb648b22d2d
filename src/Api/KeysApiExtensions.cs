using KeysCluster.Api.Authentication;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Cluster;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Events;
using KeysCluster.Api.Health;
using KeysCluster.Api.Http;
using KeysCluster.Api.Imports;
using KeysCluster.Api.OpenApi;
using KeysCluster.Api.Projects;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Api.Tls;
using KeysCluster.Api.VerificationCounts;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Api.Webhooks;
using KeysCluster.Hosting;
using KeysCluster.Validation;
using KeysCluster.Validation.Time;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeysCluster.Api;

/// <summary>Adds the REST API to a host: a silo, or a front end that is an Orleans client.</summary>
public static class KeysApiExtensions
{
    /// <summary>
    /// Registers the services of the API. The host registers <see cref="IGrainFactory"/>,
    /// <see cref="IVirtualKeyValidator"/>, <see cref="IProjectAuthenticator"/> and
    /// <see cref="DrainExtensions.AddDrain"/>.
    /// </summary>
    public static void AddKeysApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<TimeProvider>(_ => new SteadyTimeProvider(new BootTimeProvider()));
        services.AddHttpContextAccessor();
        services.AddSingleton<IOutgoingGrainCallFilter, GrainCallRetryFilter>();

        builder.AddApiKeyAuthentication();
        services.AddEndpointAccess();
        builder.AddRateLimits();
        builder.AddApiTls();
        services.AddRequestLimits();
        services.AddApiSecurityHeaders();
        services.ConfigureHttpJsonOptions(options => JsonConfiguration.Configure(options.SerializerOptions));
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddHealthChecks().AddCheck<LeaseHealthCheck>("lease");
        services.AddSingleton<Readiness>();
        services.AddOpenApi(ApiDocument.Name, OpenApiExtensions.Configure);
        services.AddOptions<TransportOptions>().Bind(builder.Configuration.GetSection("Api"));
        services.AddOptions<DocumentOptions>().Bind(builder.Configuration.GetSection("Api"));
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<VerificationMetrics>();
        services.AddVerificationCounts();
    }

    /// <summary>Adds the middleware of the API and maps its endpoints.</summary>
    /// <exception cref="StartupException">The configured admin keys are invalid, or there are none.</exception>
    public static void MapKeysApi(this WebApplication app)
    {
        app.UseRequestId();
        app.UseSecurityHeaders();
        app.UseNoStore();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context =>
            ApiErrors.FromStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseConnectionCloseWhileDraining();
        app.UseConcurrencyLimit();
        app.UseSingleBodyLength();
        app.UseSingleCredentials();
        app.UseRouting();
        app.UseBodyLimit();
        app.UseManagementAddress();
        app.UseEncryptedCredentials();
        app.UseRequestTimeouts();
        app.UseApiKeyAuthentication();
        app.UseRequestRateLimit();
        app.UseAuthorization();

        app.MapVirtualKeys();
        app.MapVerificationCounts();
        app.MapImports();
        app.MapProjects();
        app.MapApiKeys();
        app.MapEvents();
        app.MapWebhooks();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocument();
    }
}
