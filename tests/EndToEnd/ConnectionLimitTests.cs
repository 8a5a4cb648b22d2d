using System.Net;
using System.Net.Sockets;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class ConnectionLimitTests
{
    private const int ConnectionLimit = 20;

    /// <summary>Another address of this machine.</summary>
    private static readonly IPEndPoint OtherAddress = new(IPAddress.Parse("127.0.0.2"), 0);

    [Fact]
    public async Task Slow_connections_of_one_address_do_not_stop_other_clients()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(new Dictionary<string, string>
        {
            ["Api__MaxConnectionsPerAddress"] = $"{ConnectionLimit}",
        });
        using var client = process.CreateClient(service.ApiKey);
        var (_, secret) = await client.CreateAsync();

        // Each sends the start of its headers, and nothing more.
        var slow = new List<NetworkStream>();
        try
        {
            for (var i = 0; i < 5 * ConnectionLimit; i++) slow.Add(await ConnectAsync(process, OtherAddress));
            var closed = 0;
            foreach (var connection in slow.Skip(ConnectionLimit)) closed += await IsClosedAsync(connection) ? 1 : 0;
            Assert.Equal(4 * ConnectionLimit, closed);
            await process.WaitForOutputAsync($"has {ConnectionLimit} open connections, the limit");

            // This client has an address of its own.
            Assert.Equal("active", await client.VerifyAsync(secret));

            // The others end when their headers are late, and the address can connect again.
            foreach (var connection in slow.Take(ConnectionLimit)) Assert.True(await IsClosedAsync(connection));
            Assert.False(await IsClosedAsync(await ConnectAsync(process, OtherAddress), TimeSpan.FromSeconds(1)));
        }
        finally
        {
            foreach (var connection in slow) await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Requests_of_one_address_that_wait_do_not_stop_other_clients()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync(new Dictionary<string, string>
        {
            ["Api__MaxConcurrentRequestsPerAddress"] = "1",
        });
        using var client = process.CreateClient(service.ApiKey);
        var (_, secret) = await client.CreateAsync();

        // Sends no body, which the service awaits.
        await using var slow = await ConnectAsync(
            process,
            OtherAddress,
            $"POST {Routes.Verify} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.ApiKey}\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n");
        var refused = "";
        await Wait.UntilAsync(async () =>
        {
            await using var second = await ConnectAsync(
                process, OtherAddress, "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            using var reader = new StreamReader(second);
            refused = await reader.ReadToEndAsync();
            return refused.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal);
        });
        Assert.Contains(
            "RateLimit-Policy: \"concurrency\";q=1;qu=\"concurrent-requests\"", refused, StringComparison.Ordinal);
        Assert.Contains("RateLimit: \"concurrency\";r=0", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Retry-After", refused, StringComparison.Ordinal);

        Assert.Equal("active", await client.VerifyAsync(secret));
    }

    private static async Task<NetworkStream> ConnectAsync(
        ServiceProcess process, IPEndPoint from, string sent = "GET /health/live HTTP/1.1\r\nX-Slow: ")
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(from);
        await socket.ConnectAsync(IPAddress.Loopback, process.Address.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(sent));
        }
        catch (IOException)
        {
            // The service has closed the connection already.
        }

        return stream;
    }

    /// <summary>Returns whether the service closes a connection, if need be after a response.</summary>
    private static async Task<bool> IsClosedAsync(NetworkStream connection, TimeSpan? timeout = null)
    {
        try
        {
            await connection.CopyToAsync(Stream.Null).WaitAsync(timeout ?? Wait.Timeout);
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
