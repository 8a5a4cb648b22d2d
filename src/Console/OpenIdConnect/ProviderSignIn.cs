using KeysCluster.Client;
using KeysCluster.WebConsole.Accounts;
using KeysCluster.WebConsole.Connections;
using KeysCluster.WebConsole.Http;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeysCluster.WebConsole.OpenIdConnect;

/// <summary>Sends a person to the provider, and starts a session when the person comes back.</summary>
internal sealed partial class ProviderSignIn(
    AccountRoles roles, SessionStore sessions, ApiConnection api, TimeProvider time, ILogger<ProviderSignIn> logger)
    : OpenIdConnectEvents
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string Scheme = "ConsoleOpenIdConnect";

    /// <summary>Sends a person to the provider.</summary>
    public static async Task StartAsync(HttpContext context, ProviderSignIn signIn)
    {
        context.Response.Headers.CacheControl = "no-store";
        var page = ConsolePaths.GetLocal(context.Request.Query["return"]);
        try
        {
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = page });
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            signIn.Fail(context, ProviderFailure.Failed, exception.Message);
        }
    }

    /// <summary>The provider vouched for the person: its response was valid.</summary>
    public override async Task TicketReceived(TicketReceivedContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        if (roles.CreateAccount(context.Principal!, time.GetUtcNow()) is not { } account)
        {
            Fail(http, ProviderFailure.NoRole, "The account has none of the roles.");
            return;
        }

        var credential = new SessionCredential(Key: null, account);
        try
        {
            using var client = api.TryCreateClient(credential, http);
            await client!.GetCallerAsync(http.RequestAborted);
            (await sessions.StartAsync(credential)).Write(http.Response);
        }
        catch (Exception exception) when (exception is KeysApiException or HttpRequestException or OrleansException)
        {
            Fail(http, ProviderFailure.Refused, exception.Message);
            return;
        }

        LogSignedIn(logger, account.Name, account.Subject, account.Role);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Redirect(
            account.Roles.Count > 1 ? ConsolePaths.Role : ConsolePaths.GetLocal(context.ReturnUri));
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        Fail(context.HttpContext, ProviderFailure.Denied, "The person or the provider refused.");
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        context.HandleResponse();
        Fail(context.HttpContext, ProviderFailure.Failed, context.Failure?.Message ?? "unknown");
        return Task.CompletedTask;
    }

    private void Fail(HttpContext context, ProviderFailure failure, string reason)
    {
        LogFailed(logger, reason);
        context.Response.Redirect(ConsolePaths.GetFailedSignIn(failure.ToString()));
    }
}
