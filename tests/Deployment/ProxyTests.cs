using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>
/// Runs HAProxy with the configuration of the deployment. One front end drops every request, the other one is healthy.
/// </summary>
public sealed partial class ProxyTests : IAsyncLifetime, IDisposable
{
    private const string VirtualKeysPath = Routes.VirtualKeys;

    /// <summary>The default of <c>Hosting:DrainDelay</c>.</summary>
    private static readonly TimeSpan DrainDelay = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly StubHttpServer _droppingServer;
    private readonly StubHttpServer _healthyServer;
    private ProxyProcess? _proxy;
    private int _droppedRequests;
    private volatile bool _healthyServerIsReady = true;

    public ProxyTests()
    {
        _droppingServer = new StubHttpServer(request =>
        {
            if (IsHealthCheck(request)) return StubHttpServer.CreateResponse("200 OK", "{}");
            Interlocked.Increment(ref _droppedRequests);
            return null;
        });
        _healthyServer = new StubHttpServer(request =>
        {
            if (IsHealthCheck(request) && !_healthyServerIsReady)
                return StubHttpServer.CreateResponse("503 Service Unavailable", "{}");
            var isForged = request.Contains("X-Forwarded-For: 10.9.8.7", StringComparison.OrdinalIgnoreCase);
            return StubHttpServer.CreateResponse("200 OK", isForged ? "\"forged\"" : "\"genuine\"");
        });
    }

    private int DroppedRequests => Volatile.Read(ref _droppedRequests);

    public async Task InitializeAsync()
    {
        _proxy = new ProxyProcess(_droppingServer.Port, _healthyServer.Port);
        await Wait.UntilAsync(IsServingAsync);
    }

    [Theory]
    [InlineData("GET", VirtualKeysPath, null)]
    [InlineData("POST", VirtualKeysPath + "/verify", null)]
    [InlineData("POST", VirtualKeysPath, "an-idempotency-key")]
    public async Task A_safe_request_is_retried_on_another_front_end(string method, string path, string? idempotencyKey)
    {
        var before = DroppedRequests;
        await Wait.UntilAsync(async () =>
        {
            var (status, _) = await SendAsync(new HttpMethod(method), path, idempotencyKey);
            Assert.Equal(HttpStatusCode.OK, status);
            return DroppedRequests > before;
        });
    }

    [Theory]
    [InlineData("POST", VirtualKeysPath)]
    [InlineData("POST", VirtualKeysPath + "/vk_1/rotate")]
    [InlineData("DELETE", VirtualKeysPath + "/vk_1/retiring-secrets")]
    public async Task An_unsafe_request_is_not_retried_and_fails_with_an_API_error(string method, string path)
    {
        var before = DroppedRequests;
        var failed = new List<string>();
        await Wait.UntilAsync(async () =>
        {
            var (status, body) = await SendAsync(new HttpMethod(method), path);
            if (status == HttpStatusCode.BadGateway) failed.Add(body);
            return DroppedRequests > before;
        });

        Assert.Equal(DroppedRequests - before, failed.Count);
        Assert.All(
            failed, body => Assert.StartsWith("{\"error\":\"service_unavailable\"", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_front_end_that_is_not_ready_receives_no_requests()
    {
        _healthyServerIsReady = false;
        await Wait.UntilAsync(async () => !await IsServingAsync() && !await IsServingAsync());

        for (var i = 0; i < 4; i++)
            Assert.NotEqual(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, VirtualKeysPath)).Status);
    }

    [Fact]
    public void A_front_end_is_removed_within_the_drain_delay()
    {
        var check = CheckPattern().Match(File.ReadAllText(DeployFiles.Proxy));
        var interval = int.Parse(check.Groups["interval"].Value, CultureInfo.InvariantCulture);
        var failures = int.Parse(check.Groups["failures"].Value, CultureInfo.InvariantCulture);

        Assert.True(TimeSpan.FromSeconds(interval * failures) < DrainDelay);
    }

    /// <summary>One front end has the certificate of its role, the other one that of a validator.</summary>
    [Fact]
    public async Task The_proxy_verifies_front_ends_and_serves_HTTPS()
    {
        using var folder = new TemporaryFolder();
        await ProgramRunner.RunSuccessfullyAsync(DeployFiles.GetPath("new-certificates.sh"), [folder.Root]);
        await using var service = new EmbeddedService();
        await using var process = await StartAsync(service, "front-end");
        await using var otherService = new EmbeddedService();
        await using var impostor = await StartAsync(otherService, "validator");
        await using var proxy = new ProxyProcess(
            [GetPorts(process), GetPorts(impostor)], Path.Combine(folder.Root, "proxy"));
        using var handler = new HttpClientHandler();
        handler.ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
        {
            chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(folder.Root, "authority.pem"));
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate!) && certificate!.MatchesHostname("localhost");
        };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = new("Bearer", service.ApiKey);
        await Wait.UntilAsync(async () => await GetAsync() == HttpStatusCode.OK);

        // The other front end does not know the API key. A connection to it fails its handshake, and HAProxy retries.
        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(proxy.Address, VirtualKeysPath));
            request.Headers.Host = "keys.example";
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("max-age=", response.Headers.GetValues("Strict-Transport-Security").Single(),
                StringComparison.Ordinal);
        }

        async Task<HttpStatusCode?> GetAsync()
        {
            try
            {
                using var response = await client.GetAsync(new Uri(proxy.Address, VirtualKeysPath));
                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        Task<ServiceProcess> StartAsync(EmbeddedService embedded, string role) => embedded.StartWithHttpsAsync(
            Path.Combine(folder.Root, role, "certificate.pem"), Path.Combine(folder.Root, role, "key.pem"));

        static (int Api, int Health) GetPorts(ServiceProcess process) =>
            (process.Address.Port, process.ManagementAddress!.Port);
    }

    [Fact]
    public async Task The_proxy_replaces_a_forged_X_Forwarded_For_header()
    {
        for (var i = 0; i < 4; i++)
        {
            var (_, body) = await SendAsync(HttpMethod.Get, VirtualKeysPath, forwardedFor: "10.9.8.7");
            Assert.Equal("\"genuine\"", body);
        }
    }

    public async Task DisposeAsync()
    {
        if (_proxy is not null) await _proxy.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _droppingServer.Dispose();
        _healthyServer.Dispose();
    }

    private static bool IsHealthCheck(string request) =>
        request.StartsWith("GET /health/ready ", StringComparison.Ordinal);

    [GeneratedRegex(@"default-server inter (?<interval>\d+)s .*fall (?<failures>\d+) ")]
    private static partial Regex CheckPattern();

    private async Task<bool> IsServingAsync()
    {
        try
        {
            return (await SendAsync(HttpMethod.Get, VirtualKeysPath)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sends a request on a new connection. On a reused one, HAProxy would close the connection without a response, and
    /// the client would retry by itself.
    /// </summary>
    private async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string? idempotencyKey = null, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_proxy!.Address, path));
        request.Headers.ConnectionClose = true;
        if (method == HttpMethod.Post) request.Content = new StringContent("{}");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
