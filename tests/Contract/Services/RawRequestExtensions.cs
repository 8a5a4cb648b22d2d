using System.Net.Http.Headers;
using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.Services;

/// <summary>Requests whose bytes and headers a test decides on.</summary>
internal static class RawRequestExtensions
{
    /// <summary>Sends a body as it is, well-formed or not.</summary>
    public static Task<ApiResponse> SendTextAsync(
        this KeysClient client, HttpMethod method, string path, string body, string? contentType = "application/json") =>
        client.SendBytesAsync(method, path, Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Sends bytes as they are, with a Content-Length.</summary>
    public static Task<ApiResponse> SendBytesAsync(
        this KeysClient client, HttpMethod method, string path, byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return client.SendAsync(new HttpRequestMessage(method, path) { Content = content });
    }

    /// <summary>Sends a body whose length is not told beforehand.</summary>
    public static Task<ApiResponse> SendChunkedAsync(this KeysClient client, HttpMethod method, string path, byte[] body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return client.SendAsync(request);
    }

    /// <summary>Sends a GET with headers as they are, whatever they hold.</summary>
    public static Task<ApiResponse> GetWithHeadersAsync(
        this KeysClient client, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request);
    }
}
