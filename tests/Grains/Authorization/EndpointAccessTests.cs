using System.Security.Claims;
using KeysCluster.Api;
using KeysCluster.Api.Authorization;
using KeysCluster.Hosting;
using KeysCluster.Validation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.Authorization;

/// <summary>Every endpoint declares who may call it, and one that does not is refused to everybody.</summary>
public sealed class EndpointAccessTests
{
    [Fact]
    public void Every_endpoint_is_anonymous_or_declares_its_callers_and_is_documented()
    {
        var endpoints = GetEndpoints();
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            var isAnonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
            Assert.True(isAnonymous == access is null, $"{endpoint} is not classified.");

            // The contract test finds endpoints in the OpenAPI document.
            if (!isAnonymous) Assert.Null(endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>());
        }
    }

    [Fact]
    public void Only_health_checks_and_the_documentation_are_anonymous()
    {
        var anonymous = GetEndpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.Split('/', '{')[1])
            .Distinct();
        Assert.Equal(["docs", "health", "openapi"], anonymous.Order());
    }

    [Fact]
    public async Task An_endpoint_that_declares_nothing_is_refused_to_everybody()
    {
        await using var app = CreateApp();
        var policy = await app.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        var authorization = app.Services.GetRequiredService<IAuthorizationService>();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("admin", "true")], "ApiKey"));
        var context = new DefaultHttpContext();
        context.SetEndpoint(new RouteEndpoint(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/new"), 0, EndpointMetadataCollection.Empty, "new"));
        Assert.False((await authorization.AuthorizeAsync(user, context, policy!)).Succeeded);

        // Routing answers 404 itself.
        Assert.True((await authorization.AuthorizeAsync(user, new DefaultHttpContext(), policy!)).Succeeded);
    }

    private static IReadOnlyList<RouteEndpoint> GetEndpoints()
    {
        IEndpointRouteBuilder routes = CreateApp();
        return [.. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    /// <summary>Creates the API without the services behind it, which are not called.</summary>
    private static WebApplication CreateApp()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton<IGrainFactory>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IVirtualKeyValidator>(_ => throw new NotSupportedException());
        builder.Services.AddSingleton<IProjectAuthenticator>(_ => throw new NotSupportedException());
        builder.Configuration["Keys:AdminKey"] = "0123456789abcdef0123456789abcdef";
        builder.AddDrain(TimeSpan.Zero);
        builder.AddKeysApi();
        var app = builder.Build();
        app.MapKeysApi();
        return app;
    }
}
