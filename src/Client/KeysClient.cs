using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace KeysCluster.Client;

/// <summary>
/// Calls the REST API of KeysCluster. A failure that may pass is retried, and a retry never creates a second key or
/// secret. It is safe for concurrent use; use one for the life of a process.
/// </summary>
/// <remarks>
/// Every call throws <see cref="KeysApiException"/> when the service refuses it, <see cref="HttpRequestException"/>
/// when the service cannot be reached, and <see cref="TimeoutException"/> when it does not respond in time. After the
/// last two a change was applied completely or not at all: repeat the call, with the same idempotency key if it takes
/// one.
/// </remarks>
public sealed class KeysClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly KeysConnection _connection;

    /// <summary>
    /// Creates a client. It sends its requests through an HTTP client that has the address and the key.
    /// </summary>
    public KeysClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        _connection = new KeysConnection(http);
        VirtualKeys = new(_connection);
        Projects = new(_connection);
        ApiKeys = new(_connection);
        Events = new(_connection);
        Webhooks = new(_connection);
    }

    /// <summary>The virtual keys of the project of the API key.</summary>
    public VirtualKeysClient VirtualKeys { get; }

    /// <summary>Projects. Most calls need an admin key.</summary>
    public ProjectsClient Projects { get; }

    /// <summary>The API keys of projects.</summary>
    public ApiKeysClient ApiKeys { get; }

    /// <summary>The events of virtual keys and projects.</summary>
    public EventsClient Events { get; }

    /// <summary>The webhooks of the project of the API key.</summary>
    public WebhooksClient Webhooks { get; }

    /// <summary>Creates a client that owns its connections.</summary>
    /// <exception cref="InvalidOperationException">The options are invalid.</exception>
    public static KeysClient Create(KeysClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var retries = new ResiliencePipelineBuilder<HttpResponseMessage>();
        RetryRules.Configure(retries, options);

        // Connections are renewed, so that a change of the name's addresses is noticed. The service does not redirect.
        var sockets = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = false,
        };
        var http = new HttpClient(new ResilienceHandler(retries.Build())
        {
            InnerHandler = new BufferingHandler { InnerHandler = sockets },
        });
        try
        {
            options.Configure(http);
            return new KeysClient(http);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Returns what the key of this client is and may do.</summary>
    public Task<Caller> GetCallerAsync(CancellationToken cancellationToken = default) =>
        _connection.GetAsync<Caller>("api/whoami", cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();
}
