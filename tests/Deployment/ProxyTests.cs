using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>The proxy's configuration in a real HAProxy, before a front end that loses answers and one that is well.</summary>
public sealed class ProxyTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/api/gateway/v1/virtual-keys";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly int _port = FreePort.Next();
    private readonly CannedServer _losing;
    private readonly CannedServer _well;
    private Process? _proxy;
    private int _lost;
    private bool _wellIsReady = true;

    public ProxyTests()
    {
        // leastconn goes round between idle servers: half of the first tries meet the one that loses answers.
        _losing = new CannedServer(request =>
        {
            if (IsHealthCheck(request)) return CannedServer.Answer("200 OK", "{}");
            Interlocked.Increment(ref _lost);
            return null;
        });
        _well = new CannedServer(request => IsHealthCheck(request) && !_wellIsReady
            ? CannedServer.Answer("503 Service Unavailable", "{}")
            : CannedServer.Answer("200 OK", request.Contains("X-Forwarded-For: 10.9.8.7", StringComparison.OrdinalIgnoreCase) ? "\"spoofed\"" : "\"well\""));
    }

    public async Task InitializeAsync()
    {
        var configuration = System.IO.Path.Combine(_folder.Root, "haproxy.cfg");
        File.WriteAllText(configuration, Deploy.Text(Deploy.Proxy)
            .Replace("bind :8080", $"bind 127.0.0.1:{_port}", StringComparison.Ordinal)
            .Replace("front-end-1:8080", $"127.0.0.1:{_losing.Port}", StringComparison.Ordinal)
            .Replace("front-end-2:8080", $"127.0.0.1:{_well.Port}", StringComparison.Ordinal));
        _proxy = Process.Start(new ProcessStartInfo("haproxy", ["-db", "-q", "-f", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _proxy.OutputDataReceived += (_, _) => { };
        _proxy.ErrorDataReceived += (_, _) => { };
        _proxy.BeginOutputReadLine();
        _proxy.BeginErrorReadLine();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                return (await Send(HttpMethod.Get, Path)).Status == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("GET", Path, null)]
    [InlineData("POST", Path + "/verify", null)]
    [InlineData("POST", Path, "an-idempotency-key")]
    public async Task What_is_safe_is_sent_again(string method, string path, string? idempotencyKey)
    {
        for (var i = 0; i < 8; i++) Assert.Equal(HttpStatusCode.OK, (await Send(new HttpMethod(method), path, idempotencyKey)).Status);

        Assert.True(_lost > 0);
    }

    [Theory]
    [InlineData("POST", Path)]
    [InlineData("POST", Path + "/vk_1/rotate")]
    [InlineData("DELETE", Path + "/vk_1/retiring-secrets")]
    public async Task What_is_not_is_answered_with_the_services_own_form(string method, string path)
    {
        var before = _lost;
        var answers = new List<(HttpStatusCode Status, string Body)>();
        for (var i = 0; i < 8; i++) answers.Add(await Send(new HttpMethod(method), path));

        var failed = answers.Where(answer => answer.Status == HttpStatusCode.BadGateway).ToList();
        Assert.Equal(_lost - before, failed.Count);
        Assert.NotEmpty(failed);
        Assert.All(failed, answer => Assert.StartsWith("{\"error\":\"service_unavailable\"", answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_front_end_that_is_not_ready_gets_nothing_within_the_drain_delay()
    {
        _wellIsReady = false;
        await Poll.UntilAsync(async () => (await Send(HttpMethod.Post, Path)).Status != HttpStatusCode.OK
            && (await Send(HttpMethod.Post, Path)).Status != HttpStatusCode.OK, TimeSpan.FromSeconds(5));

        for (var i = 0; i < 4; i++) Assert.NotEqual(HttpStatusCode.OK, (await Send(HttpMethod.Get, Path)).Status);
    }

    [Fact]
    public async Task Who_calls_is_what_the_proxy_saw()
    {
        for (var i = 0; i < 4; i++) Assert.Equal("\"well\"", (await Send(HttpMethod.Get, Path, forwardedFor: "10.9.8.7")).Body);
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
        _losing.Dispose();
        _well.Dispose();
        _folder.Dispose();
    }

    private static bool IsHealthCheck(string request) => request.StartsWith("GET /health/ready ", StringComparison.Ordinal);

    private async Task<(HttpStatusCode Status, string Body)> Send(HttpMethod method, string path, string? idempotencyKey = null, string? forwardedFor = null)
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
