using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using KeysCluster.Client;
using KeysCluster.Storage;
using KeysCluster.WebConsole.Components.Pages;
using KeysCluster.WebConsole.Connections;
using KeysCluster.WebConsole.Http;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeysCluster.WebConsole;

/// <summary>
/// Opens the session of a request to the console. A request without one is sent to sign in. The API is asked for the
/// caller each time, so the session ends when its key does.
/// </summary>
internal sealed class SessionMiddleware(
    RequestDelegate next, SessionStore sessions, ApiConnection api, IAntiforgery antiforgery)
{
    private const string ForeignForm =
        "Nothing was changed, because the form is not of this session: you have signed in again since, or the browser "
        + "hides where it comes from. Open the page again.";

    public async Task InvokeAsync(HttpContext context, ConsoleSession session)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ConsoleEndpoint>() is not { } endpoint)
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await OpenAsync(context, session);
        }
        catch (KeysApiException exception)
        {
            await ShowProblemAsync(context, (int)exception.StatusCode, exception.Message);
            return;
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            await ShowProblemAsync(
                context, StatusCodes.Status503ServiceUnavailable, "The service cannot answer at the moment.");
            return;
        }

        if (!session.IsSignedIn && endpoint.RequiresSession) SendToSignIn(context);
        else if (await antiforgery.IsRequestValidAsync(context)) await next(context);
        else await ShowProblemAsync(context, StatusCodes.Status400BadRequest, ForeignForm);
    }

    private async Task OpenAsync(HttpContext context, ConsoleSession session)
    {
        if (SessionCookie.Read(context.Request) is not { } cookie) return;
        var (credential, nextCookie) = await sessions.UseAsync(cookie);
        if (credential is null)
        {
            SessionCookie.Delete(context.Response);
            return;
        }

        if (api.TryCreateClient(credential, context) is not { } client)
        {
            await EndAsync(cookie, context);
            return;
        }

        context.Response.RegisterForDispose(client);
        try
        {
            var caller = await client.GetCallerAsync(context.RequestAborted);
            session.SignIn(new SessionUser(client, caller, credential.Account, CreateFormToken(cookie)));
            nextCookie?.Write(context.Response);
        }
        catch (KeysApiException exception) when (exception.StatusCode is HttpStatusCode.Unauthorized)
        {
            await EndAsync(cookie, context);
        }
    }

    private async Task EndAsync(SessionCookie cookie, HttpContext context)
    {
        await sessions.EndAsync(cookie);
        SessionCookie.Delete(context.Response);
    }

    /// <summary>Another site cannot read the token, and it reveals nothing of the cookie.</summary>
    private static string CreateFormToken(SessionCookie cookie) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(cookie.Key, "form token"u8));

    /// <summary>A script that asks for a part of a page gets 401; a page that is opened, the form.</summary>
    private static void SendToSignIn(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers["Sec-Fetch-Dest"] == "empty")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // A form is sent to its own page. What it contained is lost, which the sign-in page says.
        var isForm = !HttpMethods.IsGet(request.Method);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = request.PathBase
            + ConsolePaths.GetSignIn(request.Path + request.QueryString)
            + (isForm ? ConsolePaths.UnsentForm : "");
    }

    private static Task ShowProblemAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return new RazorComponentResult<Problem>(new { Message = message }).ExecuteAsync(context);
    }

    /// <summary>A client of HTTP reports its time limit as a cancellation.</summary>
    private static bool IsUnavailable(Exception exception) =>
        exception is StorageUnavailableException or OrleansException or TimeoutException or HttpRequestException
            or TaskCanceledException { InnerException: TimeoutException };
}
