using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KeysCluster.Deployment.Tests;

/// <summary>A server that responds as a test decides, or closes the connection without a response.</summary>
internal sealed class StubHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _respond;

    /// <param name="respond">Receives a request and returns the response; null closes the connection.</param>
    public StubHttpServer(Func<string, string?> respond)
    {
        _respond = respond;
        _listener.Start();
        _ = AcceptConnectionsAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static string CreateResponse(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
        + $"Connection: close\r\n\r\n{body}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptConnectionsAsync()
    {
        try
        {
            while (true) _ = HandleConnectionAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was disposed.
        }
    }

    private async Task HandleConnectionAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[16384];
                var length = await stream.ReadAsync(buffer);
                if (length == 0) return;
                if (_respond(Encoding.ASCII.GetString(buffer, 0, length)) is { } response)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(response));
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The client closed the connection.
            }
        }
    }
}
