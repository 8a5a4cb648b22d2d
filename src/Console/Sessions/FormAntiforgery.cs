using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>
/// Accepts a form only from a page of this host, and in a session only with its token. The antiforgery of ASP.NET Core
/// would need keys that the front ends share; the session has one already.
/// </summary>
internal sealed class FormAntiforgery : IAntiforgery
{
    private const string FieldName = "__RequestVerificationToken";

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => GetTokens(httpContext);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) =>
        new(GetSession(httpContext).FormToken, cookieToken: null, FieldName, headerName: null);

    public void SetCookieTokenAndHeader(HttpContext httpContext)
    {
        // The cookie is that of the session.
    }

    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        if (!await IsRequestValidAsync(httpContext))
            throw new AntiforgeryValidationException("The form does not belong to the session.");
    }

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var request = httpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return true;
        if (!IsFromThisHost(request)) return false;
        if (GetSession(httpContext) is not { IsSignedIn: true } session) return true;
        if (!request.HasFormContentType) return false;
        var form = await request.ReadFormAsync(httpContext.RequestAborted);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(form[FieldName].ToString()), Encoding.UTF8.GetBytes(session.FormToken));
    }

    /// <summary>
    /// Browsers send <c>Sec-Fetch-Site</c> over HTTPS and to loopback addresses, and <c>Origin</c> with every form.
    /// </summary>
    private static bool IsFromThisHost(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site == "same-origin"
            : Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
                && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static ConsoleSession GetSession(HttpContext context) =>
        context.RequestServices.GetRequiredService<ConsoleSession>();
}
