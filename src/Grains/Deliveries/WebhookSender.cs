using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Webhooks;
using StandardWebhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Sends messages to the endpoints of webhooks, signed as Standard Webhooks describes. An endpoint has 5 seconds for
/// everything, no redirect is followed, and only its status code is used.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>A longer response closes the connection.</summary>
    public const int MaxResponseBytes = 64 * 1024;

    private const int MaxResponseHeaderKilobytes = 16;

    private readonly HttpMessageInvoker _client;
    private readonly TimeProvider _time;

    public WebhookSender(WebhookConnector connector, TimeProvider time)
    {
        _time = time;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxResponseHeaderKilobytes,
            MaxResponseDrainSize = MaxResponseBytes,
            ResponseDrainTimeout = Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellationToken) =>
                connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
        });
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a message once.</summary>
    /// <returns>The attempt. No failure of the endpoint is an exception.</returns>
    public async Task<WebhookAttempt> SendAsync(
        WebhookTarget target, WebhookMessage message, CancellationToken cancellationToken)
    {
        var at = _time.GetUtcNow();
        var start = Stopwatch.GetTimestamp();
        var (statusCode, error) = await TrySendAsync(target, message, at, cancellationToken);
        return new WebhookAttempt(at, (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds, statusCode, error);
    }

    private async Task<(int? StatusCode, string? Error)> TrySendAsync(
        WebhookTarget target, WebhookMessage message, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (target.Keys.Count == 0) return (null, WebhookErrors.SigningSecretUnavailable);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            using var request = CreateRequest(target, message, at);
            using var response = await _client.SendAsync(request, timeout.Token);

            // Disposing the response reads the rest of a short body, so that the connection is used again.
            var status = (int)response.StatusCode;
            return status switch
            {
                >= 200 and < 300 => (status, null),
                >= 300 and < 400 => (status, WebhookErrors.Redirect),
                _ => (status, WebhookErrors.Status),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, WebhookErrors.Timeout);
        }
        catch (HttpRequestException exception)
        {
            return (null, GetError(exception));
        }
        catch (UriFormatException)
        {
            return (null, WebhookErrors.AddressNotAllowed);
        }
    }

    private static HttpRequestMessage CreateRequest(WebhookTarget target, WebhookMessage message, DateTimeOffset at)
    {
        var signatures = target.Keys.Select(key => new StandardWebhook(key).Sign(message.Id, at, message.Payload));
        return new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Version = HttpVersion.Version11,
            Content = new StringContent(message.Payload, Encoding.UTF8, "application/json"),
            Headers =
            {
                { "User-Agent", "KeysCluster-Webhooks/1" },
                { "webhook-id", message.Id },
                { "webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", string.Join(' ', signatures) },
            },
        };
    }

    private static string GetError(HttpRequestException exception) => exception switch
    {
        { InnerException: AddressNotAllowedException } => WebhookErrors.AddressNotAllowed,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => WebhookErrors.Tls,
        { HttpRequestError: HttpRequestError.NameResolutionError } => WebhookErrors.HostNotFound,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } =>
            WebhookErrors.HostNotFound,
        { HttpRequestError: HttpRequestError.ConnectionError } => WebhookErrors.ConnectionFailed,
        _ => WebhookErrors.InvalidResponse,
    };
}
