using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace KeysCluster.TestKit;

/// <summary>A client of the REST API that shares no types with the service.</summary>
public sealed class KeysClient : IDisposable
{
    private static readonly TimeSpan RetryTimeout = TimeSpan.FromSeconds(60);

    private readonly Func<string?> _readLog;

    /// <summary>Creates a client; without an API key it is anonymous.</summary>
    /// <param name="address">The address of the service.</param>
    /// <param name="apiKey">The credential; null for none.</param>
    /// <param name="readLog">Returns what the service has logged, which a test then shows with a server error.</param>
    public KeysClient(Uri address, string? apiKey, Func<string?>? readLog = null)
    {
        _readLog = readLog ?? (() => null);

        // Tests send header values that are not ASCII, to see that the service refuses them.
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        Http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is null) return;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>The underlying client, for requests that the other members do not cover.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends a request until the response is not a 503.</summary>
    /// <exception cref="TimeoutException">Every response within a minute was a 503.</exception>
    public static async Task<ApiResponse> RetryWhileUnavailableAsync(Func<Task<ApiResponse>> send)
    {
        ApiResponse? response = null;
        await Wait.UntilAsync(async () =>
        {
            response = await send();
            return response.Status != HttpStatusCode.ServiceUnavailable;
        }, RetryTimeout);
        return response!;
    }

    /// <summary>Creates a project, with retries, as the administrator.</summary>
    public async Task<(string Id, string ApiKey)> CreateProjectAsync(string name = "a project")
    {
        var response = await RetryWhileUnavailableAsync(
            () => SendAsync(HttpMethod.Post, Routes.Projects, new { name }));
        response.EnsureStatus(HttpStatusCode.Created);
        return (
            response.Json.GetProperty("project").GetProperty("id").GetString()!,
            response.Json.GetProperty("api_key").GetString()!);
    }

    /// <summary>Creates a virtual key.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(string name = "a key", string environment = "live")
    {
        var response = await SendCreateAsync(name, environment);
        response.EnsureStatus(HttpStatusCode.Created);
        return (response.Json.GetProperty("virtual_key").GetProperty("id").GetString()!, response.Secret);
    }

    /// <summary>Creates virtual keys, several at the same time.</summary>
    public async Task<IReadOnlyList<(string Id, string Secret)>> CreateManyAsync(int count, int concurrency = 16)
    {
        var keys = new List<(string Id, string Secret)>(count);
        foreach (var batch in Enumerable.Range(0, count).Chunk(concurrency))
            keys.AddRange(await Task.WhenAll(batch.Select(number => CreateAsync($"key {number}"))));
        return keys;
    }

    /// <summary>Sends a request to create a virtual key.</summary>
    public Task<ApiResponse> SendCreateAsync(string name = "a key", string environment = "live") =>
        SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name, environment });

    /// <summary>Rotates a secret as the CLI does: with a JSON content type and an empty body.</summary>
    public Task<ApiResponse> RotateAsync(string id)
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, Routes.Rotate(id)) { Content = content });
    }

    /// <summary>Disables a virtual key.</summary>
    public Task<ApiResponse> DisableAsync(string id, string? reason = null) =>
        SendAsync(HttpMethod.Post, Routes.Disable(id), reason is null ? null : new { reason });

    /// <summary>Enables a virtual key.</summary>
    public Task<ApiResponse> EnableAsync(string id) => SendAsync(HttpMethod.Post, Routes.Enable(id));

    /// <summary>Revokes a virtual key.</summary>
    public Task<ApiResponse> RevokeAsync(string id) => SendAsync(HttpMethod.Post, Routes.Revoke(id));

    /// <summary>Reads a virtual key.</summary>
    public Task<ApiResponse> GetAsync(string id) => SendAsync(HttpMethod.Get, Routes.VirtualKey(id));

    /// <summary>Reads a page of the list of virtual keys.</summary>
    /// <param name="query">The query string with its question mark.</param>
    public Task<ApiResponse> ListAsync(string query = "") => SendAsync(HttpMethod.Get, Routes.VirtualKeys + query);

    /// <summary>Sends a request to verify a secret.</summary>
    public Task<ApiResponse> SendVerifyAsync(string secret) =>
        SendAsync(HttpMethod.Post, Routes.Verify, new { secret });

    /// <summary>Verifies a secret and returns the code of the verdict.</summary>
    public async Task<string> VerifyAsync(string secret) => ReadVerdictCode(await SendVerifyAsync(secret));

    /// <summary>Verifies a secret, with retries, and returns the code of the verdict.</summary>
    public async Task<string> VerifyWithRetryAsync(string secret) =>
        ReadVerdictCode(await RetryWhileUnavailableAsync(() => SendVerifyAsync(secret)));

    /// <summary>Sends a request with an optional JSON body.</summary>
    public Task<ApiResponse> SendAsync(HttpMethod method, string path, object? body = null) => SendAsync(
        new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) });

    /// <summary>Posts an optional JSON text with an <c>Idempotency-Key</c>, which may have any value.</summary>
    public Task<ApiResponse> PostIdempotentAsync(string idempotencyKey, string path, string? json = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return SendAsync(request);
    }

    /// <summary>Sends a request.</summary>
    public async Task<ApiResponse> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        var log = response.StatusCode >= HttpStatusCode.InternalServerError ? _readLog() : null;
        return new ApiResponse(response, await response.Content.ReadAsStringAsync(), log);
    }

    /// <inheritdoc />
    public void Dispose() => Http.Dispose();

    private static string ReadVerdictCode(ApiResponse response)
    {
        response.EnsureStatus(HttpStatusCode.OK);
        return response.Json.GetProperty("code").GetString()!;
    }
}
