using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using KeysCluster.Hosting;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Connections;

/// <summary>
/// The client for which the console calls the API: its address, which events contain and limits count, whether it uses
/// HTTPS, and the person whom the console has signed in. Trusted on the <see cref="ConsoleSocket"/> only.
/// </summary>
internal static class ForwardedClient
{
    private const string AddressHeader = "Console-Client-Address";
    private const string SchemeHeader = "Console-Client-Scheme";
    private const string PersonHeader = "Console-Person";
    private const string RequestIdHeader = "X-Request-Id";

    /// <summary>Describes the client of a page in the requests of a client of the API.</summary>
    public static void Write(HttpRequestHeaders headers, HttpContext page)
    {
        if (page.Connection.RemoteIpAddress is { } address) headers.Add(AddressHeader, address.ToString());
        headers.Add(SchemeHeader, page.Request.Scheme);
        headers.Add(RequestIdHeader, page.TraceIdentifier);

        // The host may be restricted to its own names.
        headers.Host = page.Request.Host.Value;
    }

    /// <summary>Describes the person of a page. A name may contain what no header can.</summary>
    public static void Write(HttpRequestHeaders headers, SignedInPerson person) =>
        headers.Add(PersonHeader, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(person)));

    /// <summary>Replaces the client of a request that came over the socket.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Request.Headers;
        context.Connection.RemoteIpAddress = IPAddress.TryParse(headers[AddressHeader], out var address)
            ? address
            : null;
        context.Request.Scheme = headers[SchemeHeader] == "https" ? "https" : "http";
        if (headers[PersonHeader].ToString() is { Length: > 0 } person)
        {
            context.Features.Set(
                JsonSerializer.Deserialize<SignedInPerson>(Convert.FromBase64String(person)));
        }
    }
}
