namespace KeysCluster.Client;

/// <summary>How a <see cref="KeysClient"/> reaches the service.</summary>
public sealed class KeysClientOptions
{
    /// <summary>The address of a silo, a front end or a proxy, such as <c>https://keys.example.com</c>.</summary>
    public Uri BaseAddress { get; set; } = new("http://127.0.0.1:5080");

    /// <summary>An API key of a project, or an admin key. It is sent with each request.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>
    /// Whether the key may be sent over plain HTTP to another machine. The service must permit it, too.
    /// </summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>When a call is abandoned, with its retries.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>When a single request is abandoned. The service responds within ten seconds.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How often a request is sent again after a failure that may pass. At least 1.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>Configures the client that sends the requests.</summary>
    /// <exception cref="InvalidOperationException">The options are invalid; the message says how.</exception>
    internal void Configure(HttpClient http)
    {
        if (!BaseAddress.IsAbsoluteUri || BaseAddress.Scheme is not ("http" or "https"))
            throw new InvalidOperationException($"The address {BaseAddress} is not an http or https URL.");
        if (string.IsNullOrWhiteSpace(ApiKey))
            throw new InvalidOperationException("An API key or an admin key is required.");
        if (BaseAddress is { Scheme: "http", IsLoopback: false } && !AllowPlaintext)
        {
            throw new InvalidOperationException(
                $"The key would be sent over plain HTTP to {BaseAddress.Host}. Use https, or allow plaintext.");
        }

        http.BaseAddress = BaseAddress.AbsoluteUri.EndsWith('/') ? BaseAddress : new(BaseAddress.AbsoluteUri + "/");
        http.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey.Trim());
        http.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);

        // The retries have a time limit of their own.
        http.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
    }

    private static string UserAgent =>
        $"KeysCluster.Client/{typeof(KeysClient).Assembly.GetName().Version!.ToString(fieldCount: 3)}";
}
