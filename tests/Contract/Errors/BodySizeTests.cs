using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Errors;

public abstract class BodySizeTests(TestService service)
{
    private const int MaxBodyBytes = 64 * 1024;

    [Fact]
    public async Task A_body_of_exactly_64_KiB_is_accepted()
    {
        using var project = await service.CreateProjectAsync();
        (await project.Client.SendBytesAsync(HttpMethod.Post, Routes.VirtualKeys, CreateBody(MaxBodyBytes))).EnsureStatus(HttpStatusCode.Created);
        (await project.Client.SendChunkedAsync(HttpMethod.Post, Routes.VirtualKeys, CreateBody(MaxBodyBytes))).EnsureStatus(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_413_with_or_without_a_Content_Length()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify), (HttpMethod.Patch, Routes.VirtualKey(id)),
            (HttpMethod.Post, Routes.Rotate(id)), (HttpMethod.Post, Routes.Revoke(id)),
        ];
        foreach (var (method, path) in calls)
        {
            ErrorAssert.IsError(
                await project.Client.SendBytesAsync(method, path, CreateBody(MaxBodyBytes + 1)), 413, "payload_too_large");
            ErrorAssert.IsError(
                await project.Client.SendChunkedAsync(method, path, CreateBody(MaxBodyBytes + 1)), 413, "payload_too_large");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_Content_Length_over_the_limit_is_413_before_the_body_arrives_and_before_authentication()
    {
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        var length = (MaxBodyBytes + 1L).ToString(CultureInfo.InvariantCulture);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.VirtualKeys} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {length}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_chunked_body_is_413_as_soon_as_it_exceeds_the_limit()
    {
        using var project = await service.CreateProjectAsync();
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.VirtualKeys} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {project.ApiKey}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{MaxBodyBytes + 1:x}\r\n{new string(' ', MaxBodyBytes + 1)}\r\n"));
        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
    }

    /// <summary>A good body of a length, made long by blanks.</summary>
    private static byte[] CreateBody(int length) => Encoding.ASCII.GetBytes("""{"name":"n"}""".PadRight(length));
}

[Collection(SqliteService.CollectionName)]
public sealed class BodySizeOnSqliteTests(SqliteService service) : BodySizeTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class BodySizeOnPostgresTests(PostgresService service) : BodySizeTests(service);
