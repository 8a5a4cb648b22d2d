using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

/// <summary>Requests that are well-formed, but not in a form that the service accepts.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class RequestFormTests(SqliteService service)
{
    [Fact]
    public async Task Several_Authorization_headers_are_400()
    {
        using var project = await service.CreateProjectAsync();
        var header = $"Authorization: Bearer {project.ApiKey}";

        var response = await SendRawAsync($"GET {Routes.VirtualKeys} HTTP/1.1", $"{header}\r\n{header}", "");

        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
        Assert.Contains("several API keys", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer {0}", HttpStatusCode.OK), InlineData("Bearer sk-lw-other", HttpStatusCode.BadRequest)]
    [InlineData("Basic {1}", HttpStatusCode.OK), InlineData("Basic cHJvamVjdDpvdGhlcg==", HttpStatusCode.BadRequest)]
    [InlineData("Bearer ", HttpStatusCode.OK)]
    public async Task A_different_key_in_X_Auth_Token_is_400(string authorization, HttpStatusCode status)
    {
        using var project = await service.CreateProjectAsync();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"project:{project.ApiKey}"));
        var header = string.Format(CultureInfo.InvariantCulture, authorization, project.ApiKey, basic);

        var response = await SendRawAsync(
            $"GET {Routes.VirtualKeys} HTTP/1.1", $"Authorization: {header}\r\nX-Auth-Token: {project.ApiKey}", "");

        Assert.StartsWith($"HTTP/1.1 {(int)status}", response, StringComparison.Ordinal);
    }

    /// <summary>
    /// Of each request, a proxy could see the body end elsewhere. Kestrel accepts a sign in Content-Length: it is the
    /// same number to whoever accepts it.
    /// </summary>
    [Theory]
    [InlineData("Transfer-Encoding: gzip, chunked", 400), InlineData("Transfer-Encoding: chunked, chunked", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: identity", 400), InlineData("Transfer-Encoding: chunked, identity", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 12", 400)]
    [InlineData("Content-Length: 12\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Content-Length: 12\r\nContent-Length: 13", 400), InlineData("Content-Length: -12", 400)]
    [InlineData("X-First: 1\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: chunked", 201), InlineData("Transfer-Encoding: Chunked", 201)]
    [InlineData("Content-Length: 12", 201), InlineData("Content-Length: +12", 201)]
    public async Task A_body_whose_length_is_ambiguous_is_400(string framing, int status)
    {
        using var project = await service.CreateProjectAsync();
        const string json = """{"name":"n"}""";
        var isChunked = framing.Contains("Transfer-Encoding", StringComparison.Ordinal);

        var response = await SendRawAsync(
            $"POST {Routes.VirtualKeys} HTTP/1.1",
            $"Authorization: Bearer {project.ApiKey}\r\nContent-Type: application/json\r\n{framing}",
            isChunked ? $"c\r\n{json}\r\n0\r\n\r\n" : json);

        Assert.StartsWith($"HTTP/1.1 {status}", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br"), InlineData("gzip"), InlineData("deflate"), InlineData("x"), InlineData("identity, br")]
    public async Task An_encoded_body_is_415(string encoding)
    {
        using var project = await service.CreateProjectAsync();

        var response = await CreateWithEncodingAsync(project.Client, encoding);

        response.EnsureStatus(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("unsupported_media_type", response.ErrorCode);
    }

    [Fact]
    public async Task A_body_with_the_encoding_identity_is_accepted()
    {
        using var project = await service.CreateProjectAsync();

        (await CreateWithEncodingAsync(project.Client, "identity")).EnsureStatus(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_chunk_that_is_too_large_to_count_is_400()
    {
        using var project = await service.CreateProjectAsync();

        var response = await SendRawAsync(
            $"POST {Routes.VirtualKeys} HTTP/1.1",
            $"Authorization: Bearer {project.ApiKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked",
            "80000000\r\n{}");

        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_408()
    {
        using var project = await service.CreateProjectAsync();

        var response = await SendRawAsync(
            $"POST {Routes.VirtualKeys} HTTP/1.1",
            $"Authorization: Bearer {project.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: 9000",
            "{");

        Assert.StartsWith("HTTP/1.1 408", response, StringComparison.Ordinal);
        Assert.Contains("request_timeout", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1%00"), InlineData("%2B1"), InlineData("1%20"), InlineData("١")]
    public async Task A_number_in_the_query_has_ASCII_digits_only(string limit)
    {
        using var project = await service.CreateProjectAsync();

        var response = await project.Client.SendAsync(HttpMethod.Get, $"{Routes.VirtualKeys}?limit={limit}");

        response.EnsureStatus(HttpStatusCode.UnprocessableEntity);
    }

    private static Task<ApiResponse> CreateWithEncodingAsync(KeysClient client, string encoding)
    {
        var content = new StringContent("""{"name":"a key"}""", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return client.SendAsync(new HttpRequestMessage(HttpMethod.Post, Routes.VirtualKeys) { Content = content });
    }

    /// <summary>Sends a request as it is, and returns the response up to the end of the connection.</summary>
    private async Task<string> SendRawAsync(string requestLine, string headers, string body)
    {
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{requestLine}\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n{body}"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Wait.Timeout);
    }
}
