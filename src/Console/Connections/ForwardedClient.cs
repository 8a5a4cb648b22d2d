using System.Net;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Connections;

/// <summary>
/// The client for which the console calls the API: its address, which events contain and limits count, and whether it
/// uses HTTPS. Trusted on the <see cref="ConsoleSocket"/> only.
/// </summary>
internal static class ForwardedClient
{
    private const string AddressHeader = "Console-Client-Address";
    private const string SchemeHeader = "Console-Client-Scheme";
    private const string RequestIdHeader = "X-Request-Id";

    /// <summary>Describes the client of a page in the requests of a client of the API.</summary>
    public static void Write(HttpClient http, HttpContext page)
    {
        var headers = http.DefaultRequestHeaders;
        if (page.Connection.RemoteIpAddress is { } address) headers.Add(AddressHeader, address.ToString());
        headers.Add(SchemeHeader, page.Request.Scheme);
        headers.Add(RequestIdHeader, page.TraceIdentifier);

        // The host may be restricted to its own names.
        headers.Host = page.Request.Host.Value;
    }

    /// <summary>Replaces the client of a request that came over the socket.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Request.Headers;
        context.Connection.RemoteIpAddress = IPAddress.TryParse(headers[AddressHeader], out var address)
            ? address
            : null;
        context.Request.Scheme = headers[SchemeHeader] == "https" ? "https" : "http";
    }
}
