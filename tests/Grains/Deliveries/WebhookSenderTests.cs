using System.Net;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Grains.Deliveries;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>What endpoints can do to a silo.</summary>
public sealed class WebhookSenderTests : IDisposable
{
    private static readonly WebhookMessage Message = new("msg_1", """{"type":"webhook.test"}""");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly WebhookSender _sender = new(
        new WebhookConnector(WebhookUrlRulesTests.CreateRules(allowPrivate: true), new DnsResolver()),
        TimeProvider.System);

    public WebhookSenderTests() => _listener.Start();

    private string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, null)]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 500, "status")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302, "redirect")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", null, "invalid_response")]
    public async Task The_status_of_a_response_decides(string response, int? status, string? error)
    {
        var answered = AnswerAsync(response);
        var attempt = await SendAsync();
        Assert.Equal(status, attempt.StatusCode);
        Assert.Equal(error, attempt.Error);
        await answered;
    }

    [Fact]
    public async Task A_response_without_an_end_is_not_read()
    {
        var answered = AnswerAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat("10000\r\n" + new string('x', 0x10000) + "\r\n", 64)));
        Assert.Equal(200, (await SendAsync()).StatusCode);
        await answered;
    }

    [Fact]
    public async Task Large_headers_are_refused()
    {
        var answered = AnswerAsync($"HTTP/1.1 200 OK\r\nX: {new string('x', 64 * 1024)}\r\n\r\n");
        Assert.Equal("invalid_response", (await SendAsync()).Error);
        await answered;
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_is_given_up()
    {
        var attempt = await SendAsync();
        Assert.Equal("timeout", attempt.Error);
        Assert.InRange(attempt.DurationMs, 4000, 30_000);
    }

    [Fact]
    public async Task A_closed_port_and_a_private_address_are_named()
    {
        _listener.Stop();
        Assert.Equal("connection_failed", (await SendAsync()).Error);

        using var strict = new WebhookSender(
            new WebhookConnector(WebhookUrlRulesTests.CreateRules(), new DnsResolver()), TimeProvider.System);
        var target = new WebhookTarget(Url, [new byte[32]]);
        var attempt = await strict.SendAsync(target, Message, CancellationToken.None);
        Assert.Equal("address_not_allowed", attempt.Error);
    }

    [Fact]
    public async Task Nothing_is_sent_without_a_signature()
    {
        var target = new WebhookTarget(Url, []);
        var attempt = await _sender.SendAsync(target, Message, CancellationToken.None);
        Assert.Equal("signing_secret_unavailable", attempt.Error);
        Assert.False(_listener.Pending());
    }

    public void Dispose()
    {
        _sender.Dispose();
        _listener.Dispose();
    }

    private Task<KeysCluster.Webhooks.WebhookAttempt> SendAsync() =>
        _sender.SendAsync(new WebhookTarget(Url, [new byte[32]]), Message, CancellationToken.None);

    private async Task AnswerAsync(string response)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        var request = new byte[4096];
        var read = await stream.ReadAsync(request);
        Assert.StartsWith("POST / HTTP/1.1", Encoding.ASCII.GetString(request, 0, read), StringComparison.Ordinal);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(response));
        }
        catch (IOException)
        {
            // The silo has closed the connection.
        }
    }
}
