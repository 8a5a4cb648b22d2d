using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Errors;

public abstract class BodySizeTests(TestService service)
{
    private const int Limit = 64 * 1024;

    [Fact]
    public async Task A_body_of_exactly_64_KiB_is_read()
    {
        using var project = await service.NewProjectAsync();
        (await project.Client.SendBytesAsync(HttpMethod.Post, Routes.VirtualKeys, BodyOf(Limit))).Expect(HttpStatusCode.Created);
        (await project.Client.SendChunkedAsync(HttpMethod.Post, Routes.VirtualKeys, BodyOf(Limit))).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task One_byte_more_is_413_whether_its_length_is_told_or_not()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Post, Routes.VirtualKeys), (HttpMethod.Post, Routes.Verify), (HttpMethod.Patch, Routes.VirtualKey(id)),
            (HttpMethod.Post, Routes.Rotate(id)), (HttpMethod.Post, Routes.Revoke(id)),
        ];
        foreach (var (method, path) in calls)
        {
            ErrorAssert.IsError(
                await project.Client.SendBytesAsync(method, path, BodyOf(Limit + 1)), 413, "payload_too_large");
            ErrorAssert.IsError(
                await project.Client.SendChunkedAsync(method, path, BodyOf(Limit + 1)), 413, "payload_too_large");
        }

        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_length_that_is_too_large_is_413_before_the_body_comes_and_before_the_API_key_is_looked_at()
    {
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        var length = (Limit + 1L).ToString(CultureInfo.InvariantCulture);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.VirtualKeys} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {length}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_without_end_is_413_as_soon_as_it_is_too_large()
    {
        using var project = await service.NewProjectAsync();
        using var tcp = new TcpClient(service.Process.Address.Host, service.Process.Address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Routes.VirtualKeys} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {project.ApiKey}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Limit + 1:x}\r\n{new string(' ', Limit + 1)}\r\n"));
        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
    }

    /// <summary>A good body of a length, made long by blanks.</summary>
    private static byte[] BodyOf(int length) => Encoding.ASCII.GetBytes("""{"name":"n"}""".PadRight(length));
}

[Collection(SqliteService.Storage)]
public sealed class BodySizeOnSqliteTests(SqliteService service) : BodySizeTests(service);

[Collection(PostgresService.Storage)]
public sealed class BodySizeOnPostgresTests(PostgresService service) : BodySizeTests(service);
