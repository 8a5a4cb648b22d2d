using System.Net;
using KeysCluster.Api.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Tests.Tls;

public sealed class EncryptedCredentialsTests
{
    private const string Remote = "192.0.2.1";

    [Theory]
    [InlineData("http", Remote, false, HttpStatusCode.Forbidden)]
    [InlineData("http", "::ffff:192.0.2.1", false, HttpStatusCode.Forbidden)]
    [InlineData("http", Remote, true, HttpStatusCode.OK)]
    [InlineData("https", Remote, false, HttpStatusCode.OK)]
    [InlineData("http", "127.0.0.1", false, HttpStatusCode.OK)]
    [InlineData("http", "::ffff:127.0.0.1", false, HttpStatusCode.OK)]
    [InlineData("http", "::1", false, HttpStatusCode.OK)]
    public async Task Credentials_over_plain_HTTP_from_another_machine_are_refused(
        string scheme, string address, bool isAllowed, HttpStatusCode expected)
    {
        await using var host = await StartAsync(scheme, address, isAllowed);

        Assert.Equal(expected, await SendAsync(host, "Authorization", "Bearer a-key"));
        Assert.Equal(expected, await SendAsync(host, "X-Auth-Token", "a-key"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, "Accept", "text/html"));
    }

    private static async Task<WebApplication> StartAsync(string scheme, string address, bool isAllowed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<TransportOptions>(options => options.AllowPlaintext = isAllowed);
        var app = builder.Build();

        // As a trusted proxy reports them.
        app.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            return next(context);
        });
        app.UseEncryptedCredentials();
        app.MapGet("/", () => "");
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpStatusCode> SendAsync(WebApplication host, string header, string value)
    {
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
        http.DefaultRequestHeaders.Add(header, value);
        using var response = await http.GetAsync(new Uri("/", UriKind.Relative));
        return response.StatusCode;
    }
}
