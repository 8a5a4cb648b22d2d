using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The proxy's configuration in a real HAProxy, before a front end that loses answers and one that is well.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private const string VirtualKeysPath = "/api/gateway/v1/virtual-keys";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly int _port = FreePort.Next();
    private readonly StubHttpServer _droppingServer;
    private readonly StubHttpServer _healthyServer;
    private Process? _proxy;
    private int _droppedRequests;
    private bool _healthyServerIsReady = true;

    public ProxyTests()
    {
        // leastconn goes round between idle servers: half of the first tries meet the one that loses answers.
        _droppingServer = new StubHttpServer(request =>
        {
            if (IsHealthCheck(request)) return StubHttpServer.CreateResponse("200 OK", "{}");
            Interlocked.Increment(ref _droppedRequests);
            return null;
        });
        _healthyServer = new StubHttpServer(request => IsHealthCheck(request) && !_healthyServerIsReady
            ? StubHttpServer.CreateResponse("503 Service Unavailable", "{}")
            : StubHttpServer.CreateResponse("200 OK", request.Contains("X-Forwarded-For: 10.9.8.7", StringComparison.OrdinalIgnoreCase) ? "\"spoofed\"" : "\"well\""));
    }

    public async Task InitializeAsync()
    {
        var configuration = System.IO.Path.Combine(_folder.Root, "haproxy.cfg");
        File.WriteAllText(configuration, DeployFiles.ReadText(DeployFiles.Proxy)
            .Replace("bind :8080", $"bind 127.0.0.1:{_port}", StringComparison.Ordinal)
            .Replace("front-end-1:8080", $"127.0.0.1:{_droppingServer.Port}", StringComparison.Ordinal)
            .Replace("front-end-2:8080", $"127.0.0.1:{_healthyServer.Port}", StringComparison.Ordinal));
        _proxy = Process.Start(new ProcessStartInfo("haproxy", ["-db", "-q", "-f", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _proxy.OutputDataReceived += (_, _) => { };
        _proxy.ErrorDataReceived += (_, _) => { };
        _proxy.BeginOutputReadLine();
        _proxy.BeginErrorReadLine();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                return (await SendAsync(HttpMethod.Get, VirtualKeysPath)).Status == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("GET", VirtualKeysPath, null)]
    [InlineData("POST", VirtualKeysPath + "/verify", null)]
    [InlineData("POST", VirtualKeysPath, "an-idempotency-key")]
    public async Task A_safe_request_is_retried_on_another_front_end(string method, string path, string? idempotencyKey)
    {
        for (var i = 0; i < 8; i++) Assert.Equal(HttpStatusCode.OK, (await SendAsync(new HttpMethod(method), path, idempotencyKey)).Status);

        Assert.True(_droppedRequests > 0);
    }

    [Theory]
    [InlineData("POST", VirtualKeysPath)]
    [InlineData("POST", VirtualKeysPath + "/vk_1/rotate")]
    [InlineData("DELETE", VirtualKeysPath + "/vk_1/retiring-secrets")]
    public async Task An_unsafe_request_is_not_retried_and_fails_with_an_API_error(string method, string path)
    {
        var before = _droppedRequests;
        var answers = new List<(HttpStatusCode Status, string Body)>();
        for (var i = 0; i < 8; i++) answers.Add(await SendAsync(new HttpMethod(method), path));

        var failed = answers.Where(answer => answer.Status == HttpStatusCode.BadGateway).ToList();
        Assert.Equal(_droppedRequests - before, failed.Count);
        Assert.NotEmpty(failed);
        Assert.All(failed, answer => Assert.StartsWith("{\"error\":\"service_unavailable\"", answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_front_end_that_is_not_ready_is_removed_within_the_drain_delay()
    {
        _healthyServerIsReady = false;
        await Poll.UntilAsync(async () => (await SendAsync(HttpMethod.Post, VirtualKeysPath)).Status != HttpStatusCode.OK
            && (await SendAsync(HttpMethod.Post, VirtualKeysPath)).Status != HttpStatusCode.OK, TimeSpan.FromSeconds(5));

        for (var i = 0; i < 4; i++) Assert.NotEqual(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, VirtualKeysPath)).Status);
    }

    [Fact]
    public async Task The_proxy_replaces_a_forged_X_Forwarded_For_header()
    {
        for (var i = 0; i < 4; i++) Assert.Equal("\"well\"", (await SendAsync(HttpMethod.Get, VirtualKeysPath, forwardedFor: "10.9.8.7")).Body);
    }

    public async Task DisposeAsync()
    {
        if (_proxy is null) return;
        _proxy.Kill();
        await _proxy.WaitForExitAsync();
    }

    public void Dispose()
    {
        _proxy?.Dispose();
        _client.Dispose();
        _droppingServer.Dispose();
        _healthyServer.Dispose();
        _folder.Dispose();
    }

    private static bool IsHealthCheck(string request) => request.StartsWith("GET /health/ready ", StringComparison.Ordinal);

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? idempotencyKey = null, string? forwardedFor = null)
    {
        // A connection each: on one that was used before, HAProxy ends it without an answer, as HTTP has it, and this client
        // would send some requests again by itself.
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{_port}{path}");
        request.Headers.ConnectionClose = true;
        if (method == HttpMethod.Post) request.Content = new StringContent("{}");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await _client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
