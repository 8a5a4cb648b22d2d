using KeysCluster.Hosting;
using KeysCluster.WebConsole.Accounts;
using KeysCluster.WebConsole.Components;
using KeysCluster.WebConsole.Components.Pages;
using KeysCluster.WebConsole.Connections;
using KeysCluster.WebConsole.Http;
using KeysCluster.WebConsole.OpenIdConnect;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeysCluster.WebConsole;

/// <summary>Adds the console, the pages at <c>/console</c>, to a host that has the API.</summary>
public static class ConsoleExtensions
{
    /// <summary>Longer than the API takes, so that the page can show the response.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>Registers the console, unless it is switched off. Call it after the ports were checked.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="isEnabledByDefault">Whether it exists without a setting.</param>
    /// <exception cref="StartupException">Its socket cannot be created, or a setting is invalid.</exception>
    public static void AddConsole(this WebApplicationBuilder builder, bool isEnabledByDefault)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.GetSection("Console").Get<ConsoleOptions>();
        if (!(options?.Enabled ?? isEnabledByDefault)) return;
        var provider = OpenIdConnectSettings.Read(builder.Configuration);
        var socket = ConsoleSocket.Create();
        builder.ListenAlsoOn("Console", socket.Url);

        var services = builder.Services;

        // A factory, so that the container disposes the socket. It does not dispose instances.
        services.AddSingleton(_ => socket);
        services.AddSingleton<IStartupFilter, ForwardedClientFilter>();
        services.AddSingleton<ApiConnection>();
        services.AddSingleton<SessionStore>();
        services.AddScoped<ConsoleSession>();
        if (provider is not null) services.AddOpenIdConnect(provider);
        services.AddRazorComponents();
        services.Replace(ServiceDescriptor.Singleton<IAntiforgery, FormAntiforgery>());
    }

    /// <summary>Maps the pages, if <see cref="AddConsole"/> has registered them. Comes after the API.</summary>
    public static void MapConsole(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetService<ConsoleSocket>() is null) return;
        app.UseMiddleware<SessionMiddleware>();
        app.UseAntiforgery();

        var console = app.MapGroup("");
        console
            .AllowAnonymous()
            .WithSecurityHeadersPolicy(ConsoleHeaders.Policy)
            .WithRequestTimeout(Timeout)
            .ExcludeFromDescription();
        foreach (var asset in (ConsoleAsset[])[ConsoleAsset.Style, ConsoleAsset.Script])
            console.MapGet(asset.Path, asset.WriteAsync);
        if (app.Services.GetService<ProviderSignIn>() is not null)
            console.MapGet(ConsolePaths.ProviderSignIn, ProviderSignIn.StartAsync);
        console.MapPost(ConsolePaths.SignOut, SignOutAsync).WithMetadata(new ConsoleEndpoint(requiresSession: false));
        console.MapGet(ConsolePaths.Keys + "/{id}/secrets", SecretsFragment.HandleAsync)
            .WithMetadata(new ConsoleEndpoint(requiresSession: true));
        console.MapGet(ConsolePaths.ApiKeys + "/{id}/secrets", SecretsFragment.HandleApiKeyAsync)
            .WithMetadata(new ConsoleEndpoint(requiresSession: true));
        console.MapGet(ConsolePaths.Projects + "/{projectId}/api-keys/{id}/secrets", SecretsFragment.HandleApiKeyAsync)
            .WithMetadata(new ConsoleEndpoint(requiresSession: true));
        console.MapRazorComponents<App>().Add(endpoint => endpoint.Metadata.Add(
            new ConsoleEndpoint(requiresSession: !endpoint.Metadata.OfType<PublicPageAttribute>().Any())));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions)
    {
        if (SessionCookie.Read(context.Request) is { } cookie) await sessions.EndAsync(cookie);
        SessionCookie.Delete(context.Response);
        return Results.Redirect(ConsolePaths.SignIn);
    }
}
