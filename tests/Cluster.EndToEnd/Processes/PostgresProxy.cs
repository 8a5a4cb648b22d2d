using System.Net;
using System.Net.Sockets;
using KeysCluster.Cluster.Node;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>
/// A proxy between one process and PostgreSQL. While it is blocked, connections stay open and new ones are accepted,
/// but no bytes are forwarded. It can also delay all bytes, and connect to another server.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private volatile int _serverPort;
    private volatile NetworkDelay _delay = NetworkDelay.None;
    private CancellationTokenSource _connectionsReset = new();
    private volatile TaskCompletionSource _unblocked = new();

    public PostgresProxy(int serverPort)
    {
        _serverPort = serverPort;
        _unblocked.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Delays all bytes.</summary>
    public void Delay(NetworkDelay delay) => _delay = delay;

    /// <summary>Connects to another server from now on, and resets the existing connections.</summary>
    public void SwitchTo(int serverPort)
    {
        _serverPort = serverPort;
        ResetConnections();
    }

    public void Block() => _unblocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards bytes again.</summary>
    /// <param name="resetConnections">
    /// Whether existing connections are reset. Otherwise the bytes sent on them in the meantime arrive late.
    /// </param>
    public void Unblock(bool resetConnections)
    {
        if (resetConnections) ResetConnections();
        _unblocked.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _connectionsReset.CancelAsync();
        _listener.Dispose();
    }

    private void ResetConnections() =>
        Interlocked.Exchange(ref _connectionsReset, new CancellationTokenSource()).Cancel();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_disposed.Token));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient silo)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(_connectionsReset.Token, _disposed.Token);
        using var server = new TcpClient { NoDelay = true };
        using (silo)
        {
            try
            {
                silo.NoDelay = true;
                await _unblocked.Task.WaitAsync(closed.Token);
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, closed.Token);
                var requests = PumpAsync(silo, server, closed.Token);
                var responses = PumpAsync(server, silo, closed.Token);
                await Task.WhenAny(requests, responses).Unwrap();
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or IOException)
            {
                // One side closed the connection, or it was reset. The other side is closed below.
            }

            await closed.CancelAsync();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, CancellationToken closed)
    {
        var buffer = new byte[BufferSize];
        while (await from.GetStream().ReadAsync(buffer, closed) is > 0 and var read)
        {
            await _unblocked.Task.WaitAsync(closed);
            if (_delay.Next() is { Ticks: > 0 } delay) await Task.Delay(delay, closed);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), closed);
        }
    }
}
