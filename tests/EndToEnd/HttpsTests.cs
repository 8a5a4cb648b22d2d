using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class HttpsTests
{
    [Fact]
    public async Task A_host_serves_HTTPS_and_takes_a_replaced_certificate_without_a_restart()
    {
        await using var service = new EmbeddedService();
        using var authority = new TestCertificateAuthority();
        var (certificate, key) = authority.Issue(role: null, name: "rest");
        await using var process = await service.StartWithHttpsAsync(certificate, key);
        var first = await GetThumbprintAsync(process.Address);
        authority.Issue(role: null, name: "rest");

        // No connection is refused meanwhile.
        await Wait.UntilAsync(async () => await GetThumbprintAsync(process.Address) != first);
        await process.WaitForOutputAsync("The certificate of the API was reloaded");

        static async Task<string> GetThumbprintAsync(Uri address)
        {
            var thumbprint = "";
            using var handler = new HttpClientHandler();
            handler.ServerCertificateCustomValidationCallback = (_, received, _, _) =>
            {
                thumbprint = received!.Thumbprint;
                return true;
            };
            using var client = new HttpClient(handler) { BaseAddress = address };
            using var response = await client.GetAsync(new Uri(Routes.VirtualKeys, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            return thumbprint;
        }
    }

    [Fact]
    public async Task A_key_over_plain_HTTP_from_another_machine_is_refused()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(
            new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" });
        using var http = new HttpClient { BaseAddress = process.Address };

        foreach (var (client, scheme, expected) in new[]
        {
            ("203.0.113.1", "http", HttpStatusCode.Forbidden),
            ("203.0.113.1", "https", HttpStatusCode.OK),
            ("127.0.0.1", "http", HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Routes.VirtualKeys);
            request.Headers.Add("Authorization", $"Bearer {service.ApiKey}");
            request.Headers.Add("X-Forwarded-For", client);
            request.Headers.Add("X-Forwarded-Proto", scheme);
            using var response = await http.SendAsync(request);

            Assert.Equal(expected, response.StatusCode);
            var body = await response.Content.ReadAsStringAsync();
            Assert.Equal(
                expected == HttpStatusCode.Forbidden, body.Contains("https_required", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Api:Tls:Certificate", "Api:Tls needs both Api:Tls:Certificate and Api:Tls:Key.")]
    [InlineData("Api:Tls:Certificate;Api:Tls:Key", "Api:Tls cannot be used: ")]
    public async Task A_host_with_invalid_certificate_files_does_not_start(string names, string message)
    {
        await using var service = new EmbeddedService();
        var settings = service.CreateSettings();
        foreach (var name in names.Split(';')) settings[name] = "/no/such/file.pem";

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);

        Assert.Equal(1, exitCode);
        Assert.Contains($"KeysCluster cannot start: {message}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_on_the_management_address_and_the_API_is_not()
    {
        await using var service = new EmbeddedService();
        var management = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var api = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var settings = service.CreateSettings();
        settings["Hosting:ManagementUrl"] = management.ToString();
        await using var process = await ServiceProcess.StartAsync("Silo", settings, address: api);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await GetAsync(management, "/health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(api, "/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(api, "/health/ready", host: management.Authority));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(api, Routes.VirtualKeys));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(management, Routes.VirtualKeys));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(management, "/docs/"));

        async Task<HttpStatusCode> GetAsync(Uri address, string path, string? host = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
            request.Headers.Host = host;
            using var response = await http.SendAsync(request);
            return response.StatusCode;
        }
    }
}
