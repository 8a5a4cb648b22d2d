using System.Net;
using System.Text.Json;

namespace KeysCluster.TestKit;

/// <summary>A response of the API.</summary>
/// <param name="response">The status and the headers.</param>
/// <param name="body">The body.</param>
/// <param name="log">What the service logged, for the message of a failed test.</param>
public sealed class ApiResponse(HttpResponseMessage response, string body, string? log = null)
{
    /// <summary>The status code.</summary>
    public HttpStatusCode Status { get; } = response.StatusCode;

    /// <summary>The headers of the response and of its content.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = response.Headers.Concat(response.Content.Headers)
        .ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The body as text.</summary>
    public string Body => body;

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(body).RootElement;

    /// <summary>The API key in the body.</summary>
    public JsonElement ApiKey => Json.GetProperty("api_key");

    /// <summary>The <c>secret</c> in the body.</summary>
    public string Secret => Json.GetProperty("secret").GetString()!;

    /// <summary>The code of the error in the body.</summary>
    public string ErrorCode => Json.GetProperty("error").GetString()!;

    /// <summary>The <c>Retry-After</c> header; null when there is none.</summary>
    public TimeSpan? RetryAfter { get; } = response.Headers.RetryAfter?.Delta;

    /// <summary>Returns whether this is a 503 with a <c>Retry-After</c> header.</summary>
    public bool IsRetryable => Status == HttpStatusCode.ServiceUnavailable && RetryAfter is not null;

    /// <summary>Throws when the response has another status code.</summary>
    public void EnsureStatus(HttpStatusCode status)
    {
        if (Status != status) throw new InvalidOperationException($"Expected {status}, got {Status}: {body}\n{log}");
    }
}
