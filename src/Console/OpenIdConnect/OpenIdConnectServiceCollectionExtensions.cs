using KeysCluster.WebConsole.Accounts;
using KeysCluster.WebConsole.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace KeysCluster.WebConsole.OpenIdConnect;

internal static class OpenIdConnectServiceCollectionExtensions
{
    /// <summary>
    /// How long a person may take at the provider. The browser carries the state, so it may not be valid for ever.
    /// </summary>
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(15);

    /// <summary>How long a front end waits for the provider. A person waits as well.</summary>
    private static readonly TimeSpan BackchannelTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the sign-in with the provider of the settings: the authorization code flow with PKCE.</summary>
    public static void AddOpenIdConnect(this IServiceCollection services, OpenIdConnectSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<AccountRoles>();
        services.AddSingleton<ProviderSignIn>();
        services.AddAuthentication().AddOpenIdConnect(ProviderSignIn.Scheme, options =>
        {
            options.Authority = settings.Authority;
            options.RequireHttpsMetadata = new Uri(settings.Authority!).Scheme == Uri.UriSchemeHttps;
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.ClientSecret;
            options.CallbackPath = ConsolePaths.ProviderCallback;
            options.ResponseType = OpenIdConnectResponseType.Code;

            // The response is a plain link, so its cookies need not be sent with forms of other sites.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            }

            options.Scope.Clear();
            foreach (var scope in settings.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                options.Scope.Add(scope);
            options.MapInboundClaims = false;
            options.SaveTokens = false;
            options.BackchannelTimeout = BackchannelTimeout;
            options.RemoteAuthenticationTimeout = SignInTime;

            // They start a session of the console, so no other scheme signs in.
            options.EventsType = typeof(ProviderSignIn);
            options.StateDataFormat = new SealedDataFormat<AuthenticationProperties>(
                PropertiesSerializer.Default, "state", settings.ClientSecret!);
            options.StringDataFormat = new SealedDataFormat<string>(
                new TextSerializer(), "nonce", settings.ClientSecret!);
        });
    }
}
