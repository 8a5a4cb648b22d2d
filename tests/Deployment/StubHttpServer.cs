using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KeysCluster.Deployment.Tests;

/// <summary>A front end that answers as it is told to, or takes a request and ends the connection without an answer.</summary>
internal sealed class StubHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _respond;

    /// <param name="answer">Gets the request; null ends the connection.</param>
    public StubHttpServer(Func<string, string?> answer)
    {
        _respond = answer;
        _listener.Start();
        _ = AcceptConnectionsAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static string CreateResponse(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptConnectionsAsync()
    {
        try
        {
            while (true) _ = HandleConnectionAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
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
                if (_respond(Encoding.ASCII.GetString(buffer, 0, length)) is { } answer) await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The other side went away.
            }
        }
    }
}
