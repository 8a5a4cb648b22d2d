using System.Net.Sockets;
using System.Text;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

[Collection(SqliteService.CollectionName)]
public sealed class BodySizeTests(SqliteService service)
{
    private const int MaxBodyBytes = 64 * 1024;

    [Fact]
    public async Task A_body_of_exactly_64_KiB_is_accepted()
    {
        using var project = await service.CreateProjectAsync();
        var body = CreateBody(MaxBodyBytes);
        var sized = await project.Client.SendBytesAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        sized.EnsureStatus(HttpStatusCode.Created);
        var chunked = await project.Client.SendChunkedAsync(HttpMethod.Post, Routes.VirtualKeys, body);
        chunked.EnsureStatus(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_413_with_or_without_a_Content_Length()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var body = CreateBody(MaxBodyBytes + 1);
        foreach (var (method, path) in CallsWithBody.Create(id))
        {
            var sized = await project.Client.SendBytesAsync(method, path, body);
            ErrorAssert.IsError(sized, 413, "payload_too_large");
            var chunked = await project.Client.SendChunkedAsync(method, path, body);
            ErrorAssert.IsError(chunked, 413, "payload_too_large");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public Task A_Content_Length_over_the_limit_is_413_before_the_body_arrives_and_before_authentication() =>
        AssertTooLargeAsync($"Content-Length: {MaxBodyBytes + 1}\r\nConnection: close\r\n\r\n");

    [Fact]
    public async Task An_endless_chunked_body_is_413_as_soon_as_it_exceeds_the_limit()
    {
        using var project = await service.CreateProjectAsync();
        await AssertTooLargeAsync(
            $"Authorization: Bearer {project.ApiKey}\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"{MaxBodyBytes + 1:x}\r\n{new string(' ', MaxBodyBytes + 1)}\r\n");
    }

    private async Task AssertTooLargeAsync(string headersAndBody)
    {
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.VirtualKeys} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + headersAndBody));
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync().WaitAsync(Wait.Timeout);
        Assert.StartsWith("HTTP/1.1 413", status, StringComparison.Ordinal);
    }

    /// <summary>Creates a valid body, padded with spaces.</summary>
    private static byte[] CreateBody(int length) => Encoding.ASCII.GetBytes("""{"name":"n"}""".PadRight(length));
}
