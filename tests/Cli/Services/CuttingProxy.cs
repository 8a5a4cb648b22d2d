using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>
/// A proxy that forwards bytes. It closes the first connection when the service begins to respond: the change is
/// committed, and the client gets nothing.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _service;
    private int _connections;

    public CuttingProxy(Uri service)
    {
        _service = service;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>The number of connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = ForwardAsync(client, isCut: Interlocked.Increment(ref _connections) == 1);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ForwardAsync(TcpClient client, bool isCut)
    {
        using (client)
        {
            using var service = new TcpClient();
            await service.ConnectAsync(_service.Host, _service.Port);
            var (fromClient, fromService) = (client.GetStream(), service.GetStream());
            var sending = fromClient.CopyToAsync(fromService);
            if (isCut) await fromService.ReadExactlyAsync(new byte[1]);
            else await Task.WhenAny(fromService.CopyToAsync(fromClient), sending);
        }
    }
}
