using System.Net.Sockets;
using System.Text;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

[Collection(SqliteService.CollectionName)]
public sealed class RoutingErrorsTests(SqliteService service)
{
    [Theory]
    [InlineData("/"), InlineData("/api"), InlineData("/api/"), InlineData("/api/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/gateway/v1/unknown"), InlineData("/api/gateway/v2/virtual-keys")]
    [InlineData("/api/gateway/v1/virtual-keys/a/b/c")]
    [InlineData("/openapi/v2.json"), InlineData("/health"), InlineData("/favicon.ico"), InlineData("/.env")]
    public async Task An_unknown_path_is_404_with_and_without_credentials(string path)
    {
        using var project = await service.CreateProjectAsync();
        using var anonymous = service.CreateAnonymousClient();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
        {
            ErrorAssert.IsError(await project.Client.SendAsync(method, path), 404, "not_found");
            ErrorAssert.IsError(await anonymous.SendAsync(method, path), 404, "not_found");
        }
    }

    [Theory]
    [InlineData("DELETE", Routes.VirtualKeys, "GET, POST"), InlineData("PUT", Routes.VirtualKeys, "GET, POST")]
    [InlineData("DELETE", Routes.VirtualKeys + "/" + UnknownIds.VirtualKey, "GET, PATCH")]
    [InlineData("GET", Routes.VirtualKeys + "/" + UnknownIds.VirtualKey + "/rotate", "POST")]
    [InlineData("PATCH", Routes.VirtualKeys + "/" + UnknownIds.VirtualKey + "/revoke", "POST")]
    [InlineData("DELETE", Routes.Projects, "GET, POST")]
    [InlineData("PUT", Routes.Projects + "/x/rotate-api-key", "POST")]
    [InlineData("BREW", Routes.VirtualKeys, "GET, POST")]
    [InlineData("POST", "/health/live", "GET"), InlineData("TRACE", "/health/live", "GET")]
    [InlineData("DELETE", "/health/ready", "GET"), InlineData("TRACE", "/health/ready", "GET")]
    public async Task An_unsupported_method_is_405_and_Allow_lists_the_supported_ones(
        string method, string path, string allowed)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.SendAsync(new HttpMethod(method), path);
        ErrorAssert.IsError(response, 405, "method_not_allowed");
        Assert.Equal(allowed, string.Join(", ", response.Headers["Allow"].Split(", ").Order()));
    }

    [Fact]
    public async Task A_malformed_id_is_the_same_404_as_an_unknown_id()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        string[] ids =
        [
            UnknownIds.VirtualKey, "x", "0", "-1", "vk_", "vk__", "null", id.ToLowerInvariant(), id + "0", id[..^1],
            "%20" + id, id + "%0A", "..%2F..%2Fetc%2Fpasswd", "%2E%2E%2Fverify", "a%2Fb", "%F0%9F%94%91",
            "'%20OR%201=1--", "vk_" + new string('0', 26), "vk_8" + new string('Z', 25), new string('a', 4000), "%25",
            "*", UnknownIds.Project, "vk_01ARZ3NDEKTSV4RRFFQ69G5FAU", "vk_%EF%BC%90" + new string('0', 25),
        ];
        foreach (var malformed in ids)
        {
            ErrorAssert.IsError(await project.Client.GetAsync(malformed), 404, "virtual_key_not_found");
            ErrorAssert.IsError(await project.Client.RotateAsync(malformed), 404, "virtual_key_not_found");
            ErrorAssert.IsError(await project.Client.RevokeAsync(malformed), 404, "virtual_key_not_found");
            var patch = await project.Client.SendTextAsync(HttpMethod.Patch, Routes.VirtualKey(malformed), "{}");
            ErrorAssert.IsError(patch, 404, "virtual_key_not_found");
        }
    }

    [Theory]
    [InlineData("text/plain"), InlineData("application/xml"), InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x"), InlineData("application/jsonx"), InlineData("nonsense")]
    public async Task A_body_with_an_unsupported_content_type_is_415(string contentType)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        const string body = """{"name":"n","secret":"s"}""";
        foreach (var (method, path) in CallsWithBody.Create(id))
        {
            var response = await project.Client.SendTextAsync(method, path, body, contentType);
            ErrorAssert.IsError(response, 415, "unsupported_media_type");
        }
    }

    /// <summary>curl sends this content type with an empty body, unless another one is set.</summary>
    [Fact]
    public async Task An_empty_body_accepts_any_content_type_and_authentication_comes_first()
    {
        const string form = "application/x-www-form-urlencoded";
        using var project = await service.CreateProjectAsync();
        using var anonymous = service.CreateAnonymousClient();
        var (id, _) = await project.Client.CreateAsync();

        var refused = await anonymous.SendTextAsync(HttpMethod.Post, Routes.Revoke(id), "{}", form);
        ErrorAssert.IsError(refused, 401, "unauthorized");
        foreach (var path in new[] { Routes.Rotate(id), Routes.Revoke(id) })
            (await project.Client.SendTextAsync(HttpMethod.Post, path, "", form)).EnsureStatus(HttpStatusCode.OK);
    }

    /// <summary>Kestrel refuses these requests before any middleware runs, with nothing but the status.</summary>
    [Theory]
    [InlineData("GET /%00 HTTP/1.1"), InlineData("GET /api/gateway/v1/virtual-keys/vk_%00 HTTP/1.1")]
    [InlineData("GET"), InlineData("GET / HTTP/9.9")]
    public async Task A_malformed_HTTP_request_is_refused_with_an_empty_response(string requestLine)
    {
        var response = await SendRawAsync(requestLine);
        Assert.Matches(@"^HTTP/1\.1 (400|505) ", response);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", response, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_path_with_dot_segments_is_404()
    {
        var response = await SendRawAsync("GET /api/gateway/v1/virtual-keys/../../../../etc/passwd HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 404", response, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", response, StringComparison.Ordinal);
    }

    private async Task<string> SendRawAsync(string requestLine)
    {
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{requestLine}\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
