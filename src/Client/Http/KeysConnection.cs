using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polly.Timeout;

namespace KeysCluster.Client;

/// <summary>Sends requests, and turns errors into exceptions.</summary>
internal sealed class KeysConnection(HttpClient http)
{
    private const string IdempotencyKeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotent-Replayed";
    private const string RequestIdHeader = "X-Request-Id";

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Sends a request whose repetition has the same effect.</summary>
    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(method, path, body);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Sends a request without a response body, whose repetition has the same effect.</summary>
    public async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(method, path, null);
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request that is sent once, because its repetition has another effect.</summary>
    public async Task<T> SendOnceAsync<T>(string path, object? body, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(HttpMethod.Post, path, body);
        RetryRules.MarkNotRepeatable(request);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>
    /// Sends a request that issues a secret. An idempotency key makes its repetitions return the same one.
    /// </summary>
    public async Task<(T Value, bool IsReplay)> IssueAsync<T>(
        string path, object? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(HttpMethod.Post, path, body);
        request.Headers.Add(IdempotencyKeyHeader, idempotencyKey ?? Guid.NewGuid().ToString("N"));
        using var response = await SendAsync(request, cancellationToken);
        return (await ReadAsync<T>(response, cancellationToken), response.Headers.Contains(ReplayedHeader));
    }

    private static HttpRequestMessage CreateRequest(HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: KeysJson.Options);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new TimeoutException($"The service at {http.BaseAddress} did not respond in time.", exception);
        }

        if (response.IsSuccessStatusCode) return response;
        using (response) throw await CreateExceptionAsync(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var value = await response.Content.ReadFromJsonAsync<T>(KeysJson.Options, cancellationToken);
            return value ?? throw new JsonException("The response is null.");
        }
        catch (JsonException exception)
        {
            throw new KeysApiException("The response is not what this version of the client expects.", exception)
            {
                StatusCode = response.StatusCode,
                RequestId = GetRequestId(response),
            };
        }
    }

    private static async Task<KeysApiException> CreateExceptionAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ErrorBody? error = null;
        try
        {
            error = await response.Content.ReadFromJsonAsync<ErrorBody>(KeysJson.Options, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A proxy has answered, or the HTTP server, before the service saw the request.
        }

        return new KeysApiException(error?.Message ?? $"The service answered {DescribeStatus(response.StatusCode)}.")
        {
            StatusCode = response.StatusCode,
            ErrorCode = error?.Error,
            MissingPermissions = error?.MissingPermissions ?? [],
            RequestId = GetRequestId(response),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static string DescribeStatus(HttpStatusCode status) => $"{(int)status} ({status})";

    private static string? GetRequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues(RequestIdHeader, out var values) ? string.Join(", ", values) : null;

    private sealed record ErrorBody(string? Error, string? Message, IReadOnlyList<string>? MissingPermissions);
}
