using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>
/// The way from one silo to PostgreSQL. While it is blocked, bytes go nowhere: connections stay open and new ones are taken,
/// and nothing is ever answered on them.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly int _serverPort;
    private CancellationTokenSource _resetConnections = new();
    private volatile TaskCompletionSource _unblocked = new();

    public PostgresProxy(int serverPort)
    {
        _serverPort = serverPort;
        _unblocked.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Block() => _unblocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets bytes pass again.</summary>
    /// <param name="cutting">Whether connections that were held are reset; else what they held arrives late.</param>
    public void Unblock(bool cutting)
    {
        if (cutting) Interlocked.Exchange(ref _resetConnections, new CancellationTokenSource()).Cancel();
        _unblocked.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _resetConnections.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_disposed.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient silo)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_resetConnections.Token, _disposed.Token);
        using var server = new TcpClient { NoDelay = true };
        using (silo)
        {
            try
            {
                silo.NoDelay = true;
                await _unblocked.Task.WaitAsync(ended.Token);
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, ended.Token);
                await Task.WhenAny(PumpAsync(silo, server, ended.Token), PumpAsync(server, silo, ended.Token)).Unwrap();
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
            {
                // One side is gone, and the other goes with it.
            }

            await ended.CancelAsync();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, CancellationToken ended)
    {
        var buffer = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(buffer, ended) is > 0 and var read)
        {
            await _unblocked.Task.WaitAsync(ended);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), ended);
        }
    }
}
