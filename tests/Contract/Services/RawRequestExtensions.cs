using System.Net.Http.Headers;
using System.Text;

namespace KeysCluster.Contract.Tests.Services;

/// <summary>Sends requests whose bytes and headers a test controls.</summary>
internal static class RawRequestExtensions
{
    /// <summary>Sends a text as the body, well-formed or not.</summary>
    public static Task<ApiResponse> SendTextAsync(
        this KeysClient client,
        HttpMethod method,
        string path,
        string body,
        string? contentType = "application/json") =>
        client.SendBytesAsync(method, path, Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Sends bytes as the body, with a Content-Length.</summary>
    public static Task<ApiResponse> SendBytesAsync(
        this KeysClient client,
        HttpMethod method,
        string path,
        byte[] body,
        string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return client.SendAsync(new HttpRequestMessage(method, path) { Content = content });
    }

    /// <summary>Sends bytes as a chunked body, without a Content-Length.</summary>
    public static Task<ApiResponse> SendChunkedAsync(
        this KeysClient client, HttpMethod method, string path, byte[] body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return client.SendAsync(request);
    }

    /// <summary>Sends a GET with headers, valid or not.</summary>
    public static Task<ApiResponse> GetWithHeadersAsync(
        this KeysClient client, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request);
    }
}
