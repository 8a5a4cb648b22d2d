using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace KeysCluster.TestKit;

/// <summary>A REST client that speaks to the API as a stranger would: by text, with no type of the service's own.</summary>
public sealed class KeysClient : IDisposable
{
    private const string VirtualKeys = "/api/gateway/v1/virtual-keys";

    /// <summary>A client of the service at an address, authenticated when it has an API key.</summary>
    public KeysClient(Uri address, string? apiKey)
    {
        // Headers that are not ASCII are sent too: the service is the one to refuse them.
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        Http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null) Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>For what the other members do not cover.</summary>
    public HttpClient Http { get; }

    /// <summary>Creates a virtual key; expects success.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(string name = "a key", string environment = "live")
    {
        var answer = await SendAsync(HttpMethod.Post, VirtualKeys, new { name, environment });
        answer.EnsureStatus(HttpStatusCode.Created);
        return (answer.Json.GetProperty("virtual_key").GetProperty("id").GetString()!, answer.Secret);
    }

    /// <summary>Rotates as the CLI does: a JSON content type and an empty body.</summary>
    public Task<ApiResponse> RotateAsync(string id)
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, $"{VirtualKeys}/{id}/rotate") { Content = content });
    }

    /// <summary>Revokes a virtual key.</summary>
    public Task<ApiResponse> RevokeAsync(string id) => SendAsync(HttpMethod.Post, $"{VirtualKeys}/{id}/revoke");

    /// <summary>Reads a virtual key.</summary>
    public Task<ApiResponse> GetAsync(string id) => SendAsync(HttpMethod.Get, $"{VirtualKeys}/{id}");

    /// <summary>The verdict's code; expects that there is one.</summary>
    public async Task<string> VerifyAsync(string secret)
    {
        var answer = await SendAsync(HttpMethod.Post, $"{VirtualKeys}/verify", new { secret });
        answer.EnsureStatus(HttpStatusCode.OK);
        return answer.Json.GetProperty("code").GetString()!;
    }

    /// <summary>The verdict's code, asked again while the service answers 503.</summary>
    public async Task<string> VerifyWithRetryAsync(string secret)
    {
        var answer = await RetryWhileUnavailableAsync(() => SendAsync(HttpMethod.Post, $"{VirtualKeys}/verify", new { secret }));
        answer.EnsureStatus(HttpStatusCode.OK);
        return answer.Json.GetProperty("code").GetString()!;
    }

    /// <summary>The answer to a request, sent again while the service answers 503.</summary>
    public static async Task<ApiResponse> RetryWhileUnavailableAsync(Func<Task<ApiResponse>> send)
    {
        ApiResponse? answer = null;
        await Poll.UntilAsync(async () =>
        {
            answer = await send();
            return answer.Status != HttpStatusCode.ServiceUnavailable;
        }, TimeSpan.FromSeconds(60));
        return answer!;
    }

    /// <summary>Sends a request, with a JSON body when there is one.</summary>
    public Task<ApiResponse> SendAsync(HttpMethod method, string path, object? body = null) => SendAsync(
        new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) });

    /// <summary>Posts under an <c>Idempotency-Key</c>, whatever it holds, with a JSON text as the body when there is one.</summary>
    public Task<ApiResponse> PostIdempotentAsync(string idempotencyKey, string path, string? json = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return SendAsync(request);
    }

    /// <summary>Sends a request as it is.</summary>
    public async Task<ApiResponse> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new ApiResponse(response, await response.Content.ReadAsStringAsync());
    }

    /// <inheritdoc />
    public void Dispose() => Http.Dispose();
}

/// <summary>An answer of the API.</summary>
public sealed class ApiResponse(HttpResponseMessage response, string body)
{
    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; } = response.StatusCode;

    /// <summary>The headers, those of the content included.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = response.Headers.Concat(response.Content.Headers)
        .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The body as it came.</summary>
    public string Body => body;

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(body).RootElement;

    /// <summary>The secret in it.</summary>
    public string Secret => Json.GetProperty("secret").GetString()!;

    /// <summary>The code of the error in it.</summary>
    public string ErrorCode => Json.GetProperty("error").GetString()!;

    /// <summary>Fails with the whole answer when its status is another one.</summary>
    public void EnsureStatus(HttpStatusCode status)
    {
        if (Status != status) throw new InvalidOperationException($"Expected {status}, got {Status}: {body}");
    }
}
