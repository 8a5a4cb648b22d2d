using KeysCluster.Client;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.Book.Tests.Snippets;

#region aspnet-filter
internal sealed class VirtualKeyFilter(KeysClient keys, string permission) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Results.Unauthorized();

        Verdict verdict;
        try
        {
            verdict = await keys.VirtualKeys.VerifyAsync(
                new VerifySecret
                {
                    Secret = header[Scheme.Length..].Trim(),
                    Permissions = [permission],
                    IpAddress = http.Connection.RemoteIpAddress?.ToString(),
                },
                http.RequestAborted);
        }
        catch (Exception exception) when (exception is KeysApiException or HttpRequestException or TimeoutException)
        {
            // Never 401: the client would discard a secret that is valid.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        if (verdict.Code is VerdictCode.InsufficientPermissions or VerdictCode.IpNotAllowed)
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (!verdict.Valid) return Results.Unauthorized();
        http.Items["virtual_key_id"] = verdict.VirtualKeyId;
        return await next(context);
    }
}
#endregion
