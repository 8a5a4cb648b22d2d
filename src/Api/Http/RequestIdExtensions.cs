using System.Buffers;

namespace KeysCluster.Api.Http;

internal static class RequestIdExtensions
{
    private const string HeaderName = "X-Request-Id";
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>
    /// Gives each request an id, which its response and the events of its changes contain: the <c>X-Request-Id</c> of a
    /// client or proxy if it is 1 to 64 letters, digits or <c>-_.:</c>, otherwise a new one.
    /// </summary>
    public static IApplicationBuilder UseRequestId(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.TraceIdentifier = context.Request.Headers[HeaderName] is [{ } id] && IsValid(id)
            ? id
            : Guid.CreateVersion7().ToString("N");
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        return next(context);
    });

    private static bool IsValid(string id) =>
        id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}
