using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace KeysCluster.Console.Tests.OpenIdConnect;

/// <summary>An OpenIddict server, at whose login page a person chooses an account.</summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "keys-console";
    public const string ClientSecret = "a secret of the client, for tests";

    private readonly WebApplication _app;

    private IdentityProvider(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    public static async Task<IdentityProvider> StartAsync()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.NextAsText()}/");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(Configure);
        var app = builder.Build();
        app.Urls.Add(address.ToString());
        app.UseAuthentication();
        app.MapGet("/authorize", Authorize);
        await app.StartAsync();

        // The first responses are slow on a busy machine, and a console waits for ten seconds at most.
        using var http = new HttpClient { BaseAddress = address };
        await http.GetStringAsync(new Uri(".well-known/openid-configuration", UriKind.Relative));
        await http.GetStringAsync(new Uri(".well-known/jwks", UriKind.Relative));
        return new IdentityProvider(app, address);
    }

    /// <summary>Returns the settings of a console that uses this provider, without its roles.</summary>
    public Dictionary<string, string> CreateSettings() => new()
    {
        ["Console:OpenIdConnect:Authority"] = Address.ToString(),
        ["Console:OpenIdConnect:ClientId"] = ClientId,
        ["Console:OpenIdConnect:ClientSecret"] = ClientSecret,
        ["Console:OpenIdConnect:DisplayName"] = "the test provider",
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Degraded mode has no store of clients: the events below check the only one.</summary>
    private static void Configure(OpenIddictServerBuilder server)
    {
        server.EnableDegradedMode()
            .SetAuthorizationEndpointUris("authorize")
            .SetTokenEndpointUris("token")
            .AllowAuthorizationCodeFlow()
            .RequireProofKeyForCodeExchange()
            .RegisterScopes("profile", "email")
            .AddEphemeralEncryptionKey()
            .AddEphemeralSigningKey();
        server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler =>
            handler.UseInlineHandler(context =>
            {
                var isCallback = new Uri(context.RedirectUri!).AbsolutePath == "/console/sign-in/callback";
                if (context.ClientId != ClientId || !isCallback) context.Reject("invalid_client");
                return ValueTask.CompletedTask;
            }));
        server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler =>
            handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                    context.Reject("invalid_client");
                return ValueTask.CompletedTask;
            }));
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
    }

    /// <summary>Shows the accounts, and signs in with the chosen one.</summary>
    private static IResult Authorize(HttpContext context, string? account, string[]? groups)
    {
        if (account is null) return Results.Content(LoginPage.Create(context.Request), "text/html");
        if (account == LoginPage.Refusal)
            return Results.Forbid(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

        var identity = new ClaimsIdentity("test", "email", "groups");
        identity.SetClaim("sub", $"id-of-{account}").SetClaim("email", $"{account}@example.com");
        foreach (var group in groups ?? []) identity.AddClaim(new Claim("groups", group));
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        identity.SetScopes("openid", "email");
        return Results.SignIn(
            new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
