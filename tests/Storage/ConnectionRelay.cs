using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Storage.Tests;

/// <summary>Forwards connections to PostgreSQL until it resets them.</summary>
internal sealed class ConnectionRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;

    public ConnectionRelay(int serverPort)
    {
        _listener.Start();
        _accepting = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ValueTask DisposeAsync() => ResetAsync();

    /// <summary>Resets the connections, and accepts no others.</summary>
    public async ValueTask ResetAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _sockets)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }

        _sockets.Clear();
    }

    private async Task AcceptAsync(int serverPort)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.AddRange([client, server]);
                await server.ConnectAsync(IPAddress.Loopback, serverPort);
                _ = ForwardAsync(client, server);
                _ = ForwardAsync(server, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task ForwardAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
        }
        catch (IOException)
        {
            // Reset.
        }
    }
}
